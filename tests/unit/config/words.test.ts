import { expect, test } from '@jest/globals';
import { splitWords } from '../../../src/config/words.ts';

test.each([
  ['', []],
  ['  a   b\tc ', ['a', 'b', 'c']],
  [`'a b' "c d"`, ['a b', 'c d']],
  [`x'y'"z"`, ['xyz']],
  [`'' ""`, ['', '']],
  [String.raw`a\ b "c\"d" 'e\f' "g\h"`, ['a b', 'c"d', String.raw`e\f`, String.raw`g\h`]],
  ['$HOME *', ['$HOME', '*']],
])('%j is split as a shell does', (text, words) => {
  expect(splitWords(text)).toEqual(words);
});

test.each([`'open`, `a "b`, 'end\\'])('%j is not words', (text) => {
  expect(splitWords(text)).toBeNull();
});
