import { beforeAll, expect, test } from '@jest/globals';
import { readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createTempFolder } from '../helpers/temp-folder.ts';
import { findLostSteps } from './lost-steps.ts';

const PLANTED = `import type { Step } from '${resolve('src/store/sql/step.ts')}';
declare function step(): Step<void>;
declare function write(make: () => Step<void>): void;
export function* fine(isShort: boolean): Step<void> {
  yield* step();
  yield* isShort ? step() : (step());
  write(() => step());
  write(() => { return step(); });
}
export const handOn = (): Step<void> => step();
export function* wrong(): Step<void> {
  step();
  void step();
  [1].forEach(() => step());
  yield* [1].map(() => step())[0] ?? [];
  [1].forEach(() => { step(); });
  if (step() === undefined) return;
  const kept = step();
  return step() as never;
}
`;

let lost: readonly string[] = [];
beforeAll(() => {
  using folder = createTempFolder();
  const file = join(folder.path, 'planted.ts');
  writeFileSync(file, PLANTED);
  const files = readdirSync('src/store', { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  lost = findLostSteps([...files.map((name) => join('src/store', name)), file], ['src/store/', 'planted.ts']);
});

test('every step of the store that is called is run', () => {
  expect(lost.filter((found) => found.startsWith('src/store/'))).toEqual([]);
});

test('a step that nobody runs is found, wherever it is lost', () => {
  const lines = lost.filter((found) => found.startsWith('planted.ts')).map((found) => Number(found.split(':')[1]));
  expect(lines).toEqual([12, 13, 14, 15, 16, 17, 18, 19]);
});
