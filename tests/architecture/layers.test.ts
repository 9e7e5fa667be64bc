import { describe, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { createTempFolder } from '../helpers/temp-folder.ts';

const config = resolve('tests/architecture/layers.cjs');
const depcruise = resolve('node_modules/.bin/depcruise');

interface Violation {
  readonly rule: { readonly name: string };
  readonly from: string;
  readonly to: string;
}

function findViolations(folder: string): readonly string[] {
  const args = ['src', '--config', config, '--output-type', 'json'];
  const { stdout } = spawnSync(depcruise, args, { cwd: folder, encoding: 'utf8', maxBuffer: 2 ** 26 });
  const { summary }: { summary: { violations: readonly Violation[] } } = JSON.parse(stdout);
  return summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`);
}

test('the house keeps its rules', () => {
  expect(findViolations('.')).toEqual([]);
});

describe('each rule bites', () => {
  // Rule, a folder of `src`, and what a file there may not import.
  const planted = [
    ['core-is-pure', 'core/flows', 'node:fs'],
    ['core-is-pure', 'core/flows', '../../lib/fine.ts'],
    ['model-imports-only-model', 'core/model', '../ports/fine.ts'],
    ['ports-import-only-model', 'core/ports', '../flows/fine.ts'],
    ['flows-look-down-queue', 'core/flows/queue', '../recover.ts'],
    ['flows-look-down-turns', 'core/flows/turns', '../queue/fine.ts'],
    ['flows-look-down-approvals', 'core/flows/approvals', '../sessions/fine.ts'],
    ['flows-look-down-sessions', 'core/flows/sessions/pool', '../../approvals/fine.ts'],
    ['flows-look-down-requests', 'core/flows/requests', '../events/fine.ts'],
    ['flows-look-down-events', 'core/flows/events', '../turns/fine.ts'],
    ['flows-look-down-what-all-use', 'core/flows', './requests/fine.ts'],
    ['adapters-are-strangers', 'store', '../http/fine.ts'],
    ['adapters-do-not-climb', 'http', '../compose.ts'],
    ['adapters-see-no-flows', 'http', '../core/flows/fine.ts'],
    ['lib-and-config-stand-alone', 'config', '../http/fine.ts'],
    ['only-compose-joins', 'cli', '../http/fine.ts'],
    ['one-room-fastify', 'store', 'fastify'],
    ['one-room-kysely', 'http', 'kysely'],
    ['one-room-sqlite', 'http', 'node:sqlite'],
    ['one-room-pino', 'http', 'pino'],
    ['one-room-node-pty', 'http', 'node-pty'],
    ['no-cycles', 'lib', './cycle.ts'],
    ['no-orphans', 'lib', ''],
  ] as const;

  test('on a file that breaks it', () => {
    using folder = createTempFolder();
    writeFileSync(join(folder.path, 'tsconfig.json'), '{ "include": ["src"] }');
    writeFileSync(join(folder.path, 'package.json'), '{ "type": "module" }');
    symlinkSync(resolve('node_modules'), join(folder.path, 'node_modules'));
    for (const [at, [rule, room, imported]] of planted.entries()) {
      const file = join('src', room, `${rule}-${at}.ts`);
      plant(folder.path, file, imported === '' ? '' : `import '${imported}';\n`);
      const back = rule === 'no-cycles' ? `import './${rule}-${at}.ts';\n` : '';
      if (imported.startsWith('.')) plant(folder.path, join(dirname(file), imported), back);
    }
    const violations = findViolations(folder.path);
    for (const [at, [rule, room]] of planted.entries()) {
      // A cycle is told of one of its files.
      const from = `src/${room}/(${rule}-${at}|cycle)\\.ts`;
      expect(violations).toContainEqual(expect.stringMatching(`^${rule}: ${from} → `));
    }
  });

  test('no rule is without such a file', () => {
    const { forbidden }: { forbidden: readonly { name: string }[] } = createRequire(import.meta.url)(config);
    const proven = new Set<string>(planted.map(([rule]) => rule));
    expect(forbidden.map(({ name }) => name).filter((name) => !proven.has(name))).toEqual([]);
  });
});

function plant(folder: string, file: string, content: string): void {
  const path = join(folder, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${content}export const planted = 1;\n`);
}
