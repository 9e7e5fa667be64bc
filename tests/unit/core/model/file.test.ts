import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { splitAnswer, toFileName, toNumberedName } from '../../../../src/core/model/file.ts';

describe('attach:', () => {
  test.each([
    ['a line of its own', 'Here it is.\nattach: out/report.pdf\nBye', 'Here it is.\nBye', ['out/report.pdf']],
    ['with blanks around', ' attach:  a b.txt \t', '', ['a b.txt']],
    ['in quotes or ticks', 'attach: `a.txt`\nattach: "b.txt"', '', ['a.txt', 'b.txt']],
    ['twice is once', 'attach: a\nattach: a', '', ['a']],
    ['with the line ends of Windows', 'x\r\nattach: a.txt\r\ny', 'x\r\ny', ['a.txt']],
  ])('%s names a file', (_name, answer, text, paths) => {
    expect(splitAnswer(answer)).toEqual({ text, paths, tooMany: 0 });
  });

  test.each([
    'say attach: a.txt',
    '```\nattach: a.txt\n```',
    '~~~~\n~~~\nattach: a.txt\n~~~~',
    'attach:',
    'attach:a.txt',
    '> attach: a.txt',
    'Attach: a.txt',
  ])('%j names none', (answer) => {
    expect(splitAnswer(answer)).toEqual({ text: answer, paths: [], tooMany: 0 });
  });

  test('at most ten are sent, and it is counted how many are not', () => {
    const answer = Array.from({ length: 13 }, (_, at) => `attach: ${at}`).join('\n');
    expect(splitAnswer(answer)).toMatchObject({ paths: { length: 10 }, tooMany: 3 });
  });
});

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
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (given) => {
        const name = toFileName(given);
        expect(name).toMatch(/^[\p{L}\p{M}\p{N}_][\p{L}\p{M}\p{N}._-]*$/u);
        expect(Buffer.byteLength(name)).toBeLessThanOrEqual(100);
        expect(toFileName(name)).toBe(name);
      }),
      { numRuns: 2_000 },
    );
  });
});
