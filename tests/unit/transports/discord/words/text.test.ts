import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { cut } from '../../../../../src/core/model/words/cut.ts';
import { bare, fenced, inline, quoted } from '../../../../../src/transports/discord/words/text.ts';

describe('a text that is cut', () => {
  test('fits, and ends in no half of a character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), fc.integer({ min: 12, max: 50 }), (text, max) => {
        for (const write of [cut, bare, quoted, fenced]) {
          const written = write(text, max);
          expect(written.length).toBeLessThanOrEqual(max);
          expect(written.isWellFormed()).toBe(text.isWellFormed());
        }
      }),
    );
  });
});

test('nothing in a text becomes a format', () => {
  expect(bare('*a* _b_ # `c`', 100)).toBe('\\*a\\* \\_b\\_ # \\`c\\`');
  expect(inline('a `b`\nc', 100)).toBe('`a ˋbˋ c`');
  expect(fenced('a\n```\nb', 100).match(/```/g)).toHaveLength(2);
});

test('a quotation is one on every line', () => {
  expect(quoted('a\nb', 100)).toBe('> a\n> b');
});
