import { expect, test } from '@jest/globals';
import { sayDuration } from '../../../../../src/core/model/words/duration.ts';

test.each([
  [400, '0 s'],
  [59_400, '59 s'],
  [60_000, '1 min 0 s'],
  [3_723_000, '1 h 2 min'],
  [-5, '0 s'],
])('%i ms are %j', (ms, text) => {
  expect(sayDuration(ms)).toBe(text);
});
