import { describe, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { basename, relative } from 'node:path';

interface Suite {
  readonly path: string;
  readonly context: object;
}

const { default: TestOrder, ROWS } = (await import(`${process.cwd()}/scripts/test-order.mjs`)) as {
  readonly default: new () => { sort(suites: readonly Suite[]): readonly Suite[] };
  readonly ROWS: readonly RegExp[];
};
const LONG_RUNS = /^tests\/(crash|docker|load)\//;
const suites = globSync('tests/**/*.test.ts').toSorted();

/** What jest would run for this script, with these arguments. */
function list(script: string, ...more: readonly string[]): readonly string[] {
  const args = ['--run', script, '--', '--listTests', ...more];
  const { stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  const files = stdout.split('\n').filter((line) => line !== '');
  return files.map((file) => relative(process.cwd(), file)).toSorted();
}

describe('the suites', () => {
  test('are each in one half of npm test, among those of the driver, or in a long run', () => {
    const parts = [...list('test:unit'), ...list('test:real'), ...list('test:driver')];
    expect(parts.toSorted()).toEqual(suites.filter((suite) => !LONG_RUNS.test(suite)));
  });

  test('of the quick half are units and architecture; a pattern leaves a part of them', () => {
    const lanes = list('test:unit', 'lanes', 'tests/e2e');
    expect(lanes.length).toBeGreaterThan(0);
    expect(lanes.filter((suite) => !/^tests\/(unit|architecture)\/.*lanes/.test(suite))).toEqual([]);
  });

  test('of the driver’s contract are the same over each program: one for each part', () => {
    const parts = globSync('tests/contract/driver/*.ts').map((part) => basename(part, '.ts'));
    const wanted = parts.filter((part) => part !== 'fixtures').toSorted();
    expect(wanted.length).toBeGreaterThan(0);
    for (const program of ['claude', 'scripted']) {
      const found = globSync(`tests/contract/driver/${program}/*.test.ts`);
      expect(found.map((suite) => basename(suite, '.test.ts')).toSorted()).toEqual(wanted);
    }
  });
});

describe('the order of the suites', () => {
  test('puts the long ones first, in a clone that knows no durations', () => {
    const context = { config: { cache: false }, hasteFS: { getSize: () => 1 } };
    const sorted = new TestOrder().sort(suites.map((path) => ({ context, path })));
    const rows = sorted.map(({ path }) => ROWS.findIndex((row) => row.test(path)));
    const ranks = rows.map((row) => (row === -1 ? ROWS.length : row));
    expect(ranks).toEqual(ranks.toSorted((one, other) => one - other));
    expect(new Set(rows)).toEqual(new Set([-1, ...ROWS.keys()]));
  });
});
