import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { toFileName, toNumberedName } from '../../../../../src/core/model/files/names.ts';
import { anyText } from '../../../../helpers/any-text.ts';

describe('the name of a file', () => {
  test.each([
    ['report.pdf', 'report.pdf'],
    ['../../etc/passwd', 'passwd'],
    ['C:\\a\\b.txt', 'b.txt'],
    ['.bashrc', 'bashrc'],
    ['-rf', 'rf'],
    ['a b; rm "x".txt', 'a_b_rm_x_.txt'],
    ['née 🚪.txt', 'née_.txt'],
    ['..', 'file'],
    ['', 'file'],
    ['😀.png', 'file.png'],
    ['.env', 'env'],
    ['a\u0000\n.txt', 'a_.txt'],
  ])('%j is %j', (given, name) => {
    expect(toFileName(given)).toBe(name);
  });

  test('keeps its ending, and its number, when it is long', () => {
    const name = toFileName(`${'ä'.repeat(300)}.pdf`);
    expect([
      Buffer.byteLength(name) <= 100,
      name.endsWith('ä.pdf'),
      toNumberedName(name, 2).endsWith('ä-2.pdf'),
    ]).toEqual([true, true, true]);
  });

  test('is safe whatever is given', () => {
    fc.assert(
      fc.property(anyText(300), (given) => {
        const name = toFileName(given);
        expect(name).toMatch(/^[\p{L}\p{M}\p{N}_][\p{L}\p{M}\p{N}._-]*$/u);
        expect(Buffer.byteLength(name)).toBeLessThanOrEqual(100);
        expect(toFileName(name)).toBe(name);
      }),
      { numRuns: 2_000 },
    );
  });
});
