import { describe, expect, test } from '@jest/globals';
import { toDiscord } from '../../src/transports/markdown/discord.ts';
import { toTelegram } from '../../src/transports/markdown/telegram.ts';

/** Each keeps a Markdown parser busy for the square of its length, or as deep as its stack. */
const hostile = [
  '>',
  '> ',
  '- ',
  '1. ',
  '> - ',
  '[',
  '![',
  '[]',
  'a]',
  '[^a]',
  '[a](',
  '[a][',
  '*',
  '**x',
  '*a **a ',
  '_a*',
  '~~a',
  '`',
  '`a``',
  '<',
  '<a ',
  '<!--',
  '&',
  '\\',
  '|',
  '|a',
  'a|b\n',
  'www._',
  'a@',
  'http://a',
  '> a\n\n',
  'a\n=\n',
  '[a]: b\n',
  '[^a]: b\n\n',
  '```\n',
  '~~~a\n```\n',
  '\n',
  ' ',
  '\t',
  '-\n',
  '# ',
  '||||\n|-|\n',
  '|a|b|\n|-|-|\n',
  '- [ ] a\n',
  '\u0301',
  '🇩',
  '👩\u200d',
  '\0',
];
const rendered = [toTelegram, toDiscord];
const LENGTH = 12_000;
const CPU_MAX_MS = 1_500;

describe('a text made to keep a parser busy', () => {
  test.each(hostile)('%j over and over is soon rendered, and fits', (part) => {
    const text = part.repeat(Math.ceil(LENGTH / part.length));
    const spent = measureCpu(() => {
      expect(toTelegram(text).every((piece) => piece.text.length <= 4096)).toBe(true);
      expect(toDiscord(text).every((piece) => piece.length <= 2000)).toBe(true);
    });
    expect(spent).toBeLessThan(CPU_MAX_MS);
  });

  test('lists as deep as their indent goes are rendered', () => {
    const text = Array.from({ length: 240 }, (_, depth) => `${' '.repeat(depth)}- a\n`).join('');
    for (const render of rendered) expect(() => render(text)).not.toThrow();
  });
});

describe('a text of 1 MB', () => {
  test.each(['lorem **ipsum** dolor.\n\n', 'x', '*', '日本語', '🇩🇪', '```\nx\n```\n\n'])(
    'of %j takes less than 2 s',
    (part) => {
      const text = part.repeat(Math.ceil(1_000_000 / part.length));
      for (const render of rendered) {
        // A busy machine makes the same work slower: one of three is enough.
        expect([1, 2, 3].some(() => measureCpu(() => render(text)) < 2_000)).toBe(true);
      }
    },
  );

  test('arrives whole', () => {
    const words = Array.from({ length: 112_000 }, (_, at) => `word${at}`);
    const text = words.join(' ').replaceAll('7 ', '7\n\n');
    const pieces = toTelegram(text);
    expect(pieces.flatMap((piece) => piece.text.split(/\s+/))).toEqual(words);
  });
});

/** Of this process: others may be busy too. */
function measureCpu(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  return process.cpuUsage(before).user / 1000;
}
