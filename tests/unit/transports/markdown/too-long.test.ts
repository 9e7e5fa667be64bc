import { expect, test } from '@jest/globals';
import { tooLong } from '../../../../src/transports/markdown/too-long.ts';

test('an answer of few pieces is not too long', () => {
  expect(tooLong('a', ['a', 'b'], 2)).toBeNull();
});

test('of an answer that is too long the first pieces go out, and the whole as a file', () => {
  expect(tooLong('a b c', ['a', 'b', 'c'], 2)).toEqual({
    first: ['a', 'b'],
    file: { name: 'answer.md', text: 'a b c' },
  });
});
