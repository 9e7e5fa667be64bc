import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { readSettingsKeys } from '../../scripts/read-settings-keys.ts';
import { TESTED_VERSIONS } from '../../src/agents/program/versions/versions.ts';
import { claudeProgram, claudeVersion } from '../helpers/claude-program.ts';

/** A new version's keys are in its program: each is to be decided on, pinned or free. */
test('docs/claude-code-settings.md names every key of settings that the program knows', () => {
  const page = readFileSync('docs/claude-code-settings.md', 'utf8');
  const rows = page.split('\n').filter((line) => line.startsWith('| `'));
  const documented = rows.flatMap((row) =>
    [...(row.split(' | ')[0] ?? '').matchAll(/`([\w$]+)`/g)].map(([, key]) => key ?? ''),
  );
  const keys = readSettingsKeys(claudeProgram());
  expect(keys.length).toBeGreaterThan(100);
  expect(keys.filter((key) => !documented.includes(key))).toEqual([]);
  expect(documented.filter((key, at) => documented.indexOf(key) !== at)).toEqual([]);
  // Older ones know fewer.
  if (claudeVersion() === TESTED_VERSIONS.at(-1)) expect(documented.toSorted()).toEqual([...keys].toSorted());
});
