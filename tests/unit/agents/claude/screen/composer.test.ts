import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { toComposerText, toPieces } from '../../../../../src/agents/claude/screen/composer.ts';
import { promptTexts } from './prompt-texts.ts';

describe('the text for the composer', () => {
  test.each([
    ['a plain line', 'hello'],
    ['several lines', 'one\n\ntwo'],
    ['tabs', '\ta\t\tb'],
    ['a decomposed character', 'cafe\u0301'],
    ['white space in front', '\n  hello'],
    ['a shell command', '!ls'],
    ['a memory', '# note'],
    ['the background', '& go'],
    ['help', '?'],
    ['a path in front', '/usr/bin/env is gone'],
    ['a slash inside', 'a\n/b'],
    ['a leading dash', '--help'],
    ['a backslash at the end', 'text\\'],
    ['a mention at the end', 'look at @src/index'],
    ['a word that ends the CLI, inside', 'exit now'],
  ])('of %s is the prompt, and a space that the CLI cuts', (_name, prompt) => {
    expect(toComposerText(prompt)).toEqual({ text: `${prompt} `, expected: prompt, altered: [] });
  });

  test.each([
    ['/clear', '\\/clear'],
    ['/review 12', '\\/review 12'],
    ['/mcp:tool\nx', '\\/mcp:tool\nx'],
    ['/', '\\/'],
    [' \n/exit', ' \n\\/exit'],
    ['\u2060\u200b/clear', '\u2060\u200b\\/clear'],
    ['exit', '\\exit'],
    ['QUIT', '\\QUIT'],
    [' :wq!', ' \\:wq!'],
    ['ex\u200bit', '\\ex\u200bit'],
  ])('of %j begins with a backslash, and says so', (prompt, expected) => {
    expect(toComposerText(prompt)).toEqual({ text: `${expected} `, expected, altered: ['escaped'] });
  });

  test('has no white space at its end, and says so', () => {
    expect(toComposerText('hello \t\n ')).toEqual({ text: 'hello ', expected: 'hello', altered: ['end_trimmed'] });
  });

  test('is what the prompt says, whatever it is', () => {
    fc.assert(
      fc.property(promptTexts, (prompt) => {
        const { text, expected, altered } = toComposerText(prompt);
        expect(text).toBe(`${expected} `);
        if (!altered.includes('escaped')) expect(expected).toBe(prompt.trimEnd());
        else expect(expected.replace('\\', '')).toBe(prompt.trimEnd());
        expect(altered.includes('end_trimmed')).toBe(prompt !== prompt.trimEnd());
      }),
    );
  });

  test('has no character in the place where the CLI cuts a long text', () => {
    for (const prompt of ['😀'.repeat(5_001), `${'😀'.repeat(6_000)}a`]) {
      const { text, expected } = toComposerText(prompt);
      expect([text.trimEnd(), expected]).toEqual([prompt, prompt]);
      expect(text.slice(-500).isWellFormed()).toBe(true);
    }
  });
});

describe('the pieces of a paste', () => {
  const toPrompt = (prompt: string): readonly string[] => toPieces(toComposerText(prompt));

  test('joined are the text, with a space in front of a mode character', () => {
    fc.assert(
      fc.property(promptTexts, (prompt) => {
        const { text, expected } = toComposerText(prompt);
        const joined = toPrompt(prompt).join('');
        expect(joined).toBe(/^[!/#&?]/.test(expected) ? ` ${text}` : text);
      }),
    );
  });

  test('have at most 200 characters, and cut none in two', () => {
    const pieces = toPrompt('😀'.repeat(450));
    expect(pieces.map((piece) => [...piece].length)).toEqual([200, 200, 51]);
  });

  test('hold no whole path of a picture', () => {
    expect(toPrompt('see /w/shot.png and B.JPEG')).toEqual(['see /w/shot.', 'png and B.', 'JPEG ']);
  });
});
