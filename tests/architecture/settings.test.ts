import { expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { VARIABLES } from '../../src/config/env.ts';

const settings = Object.entries(VARIABLES).map(([name, variable]) => ({ name, ...variable }));

test('.env.example lists exactly the settings, in their order, with their defaults and meanings', () => {
  const lines = readFileSync('.env.example', 'utf8').split('\n');
  const listed = lines.flatMap((line, at) => (/^#?[A-Z_]+=/.test(line) ? [[lines[at - 1], line]] : []));
  expect(listed).toEqual(
    settings.map(({ name, default: byDefault, meaning }) => [`# ${meaning}`, `#${name}=${byDefault ?? ''}`]),
  );
});

test('docs/configuration.md lists exactly the settings, with their defaults', () => {
  const rows = readFileSync('docs/configuration.md', 'utf8').matchAll(/^\| `([A-Z_]+)` +\| (?:`(.*?)`|–)/gm);
  expect([...rows].map(([, name, byDefault]) => [name, byDefault ?? null])).toEqual(
    settings.map(({ name, default: byDefault }) => [name, byDefault]),
  );
});

test('what is secret has no default', () => {
  expect(settings.filter((variable) => variable.secret === true && variable.default !== null)).toEqual([]);
});
