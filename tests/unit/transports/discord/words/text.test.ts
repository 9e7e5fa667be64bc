import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { bare, cut, duration, fenced, inline, quoted } from '../../../../../src/transports/discord/words/text.ts';

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

  test('that fits is left as it is', () => {
    expect(cut('abc', 3)).toBe('abc');
    expect(cut('abcd', 3)).toBe('ab…');
    expect(cut('a👍b', 3)).toBe('a…');
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

test.each([
  [400, '0 s'],
  [59_400, '59 s'],
  [60_000, '1 min 0 s'],
  [3_723_000, '1 h 2 min'],
  [-5, '0 s'],
])('%i ms are %j', (ms, text) => {
  expect(duration(ms)).toBe(text);
});
