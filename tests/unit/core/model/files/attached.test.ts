import { describe, expect, test } from '@jest/globals';
import { splitAnswer } from '../../../../../src/core/model/files/attached.ts';

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
