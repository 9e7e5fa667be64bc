import { describe, expect, test } from '@jest/globals';
import { sayTooMany, splitAnswer } from '../../../../../src/core/model/files/attached.ts';

const split = (answer: string, codeLines: readonly number[] = []) =>
  splitAnswer(answer, { codeLines: new Set(codeLines), workspace: 'demo' });

describe('attach:', () => {
  test.each([
    ['a line of its own', 'Here it is.\nattach: out/report.pdf\nBye', 'Here it is.\nBye', ['out/report.pdf']],
    ['with blanks around', ' attach:  a b.txt \t', '', ['a b.txt']],
    ['in quotes or ticks', 'attach: `a.txt`\nattach: "b.txt"', '', ['a.txt', 'b.txt']],
    ['twice is once', 'attach: a\nattach: a', '', ['a']],
    [
      'in several spellings is once',
      'attach: ./o/a\nattach: o//a\nattach: o/p/../a\nattach: /w/demo/o/a',
      '',
      ['./o/a'],
    ],
    ['with an ending like a folder is another', 'attach: a\nattach: a/', '', ['a', 'a/']],
    ['with the line ends of Windows', 'x\r\nattach: a.txt\r\ny', 'x\r\ny', ['a.txt']],
  ])('%s names a file', (_name, answer, text, paths) => {
    expect(split(answer)).toEqual({ text, paths, tooMany: 0 });
  });

  test.each(['say attach: a.txt', 'attach:', 'attach:a.txt', '> attach: a.txt', 'Attach: a.txt'])(
    '%j names none',
    (answer) => {
      expect(split(answer)).toEqual({ text: answer, paths: [], tooMany: 0 });
    },
  );

  test('at most ten are sent, and it is counted how many are not', () => {
    const answer = Array.from({ length: 13 }, (_, at) => `attach: ${at}`).join('\n');
    expect(split(answer)).toMatchObject({ paths: { length: 10 }, tooMany: 3 });
    expect([sayTooMany(1), sayTooMany(3)]).toEqual([
      ['1 more file is not attached: an answer may have 10.'],
      ['3 more files are not attached: an answer may have 10.'],
    ]);
  });

  test('on a line of code names none', () => {
    expect(split('attach: a\nattach: b', [1])).toMatchObject({ text: 'attach: b', paths: ['a'] });
  });
});
