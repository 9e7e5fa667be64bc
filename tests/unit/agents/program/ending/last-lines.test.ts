import { expect, test } from '@jest/globals';
import { lastLines } from '../../../../../src/agents/program/ending/last-lines.ts';

test('what is told of a screen has at most its last 15 lines, and none of them empty', () => {
  const text = Array.from({ length: 30 }, (_, index) => `line ${index}  \n\n`).join('');
  const expected = Array.from({ length: 15 }, (_, index) => `line ${index + 15}`).join('\n');
  expect(lastLines(text)).toBe(expected);
});
