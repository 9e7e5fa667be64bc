import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isConflictCopy, isTaskName, toEnding, toStem } from '../../../src/inbox/names.ts';

test.each([
  ['a.md', true],
  ['a.json', true],
  ['a.b.md', true],
  ['.a.md', false],
  ['a.md.tmp', false],
  ['a.md~', false],
  ['a.txt', false],
  ['a.MD', false],
  ['a.response.md', false],
  ['a.error.md', false],
])('%s is the name of a task: %s', (name, is) => {
  expect(isTaskName(name)).toBe(is);
});

test('what is made of a name begins as it does, ends with a whole character, and fits beside an id', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 255 }), fc.constantFrom('.md', '.json'), (text, ending) => {
      const stem = toStem(text + ending);
      expect(text.startsWith(stem)).toBe(true);
      expect(stem.isWellFormed()).toBe(true);
      expect(Buffer.byteLength(stem)).toBeLessThanOrEqual(150);
      if (Buffer.byteLength(text) <= 150) expect(stem).toBe(text);
      expect(toEnding(text + ending)).toBe(ending);
    }),
  );
});

test.each([
  'job.sync-conflict-20261129-143015-ABCDEF7.md',
  'job.sync-conflict-20261129-143015.json',
  'job (conflicted copy).md',
  "job (Anna's conflicted copy 2026-11-29).md",
  'job (conflicted copy 2026-11-29 143015).md',
  'job_conflict-20261129-143015.md',
])('P3: %s is a copy of a conflict', (name) => {
  expect(isConflictCopy(name)).toBe(true);
});

test.each(['job.md', 'conflicted copy.md', 'sync-conflict.md', 'resolve (conflict).md'])(
  'P3: %s is a task of its own',
  (name) => {
    expect(isConflictCopy(name)).toBe(false);
  },
);
