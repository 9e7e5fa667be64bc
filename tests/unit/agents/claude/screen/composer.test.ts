import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isRelatedPrompt, isSamePrompt, toComposerText } from '../../../../../src/agents/claude/screen/composer.ts';

/** Texts that meet the rules more often than chance would have it. */
const prompts = fc
  .tuple(
    fc.constantFrom('', '!', '/', '#', '&', '?', '\t', ' ', '\n', 'e\u0301'),
    fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('exit', 'QUIT', ':wq', '@src')),
    fc.constantFrom('', '\\', ' ', '\t', '\n\n', 'e\u0301', '?'),
  )
  .map((parts) => parts.join(''));

/** What Claude Code makes of a paste before it reports it. */
function receive(paste: string): string {
  return paste.replaceAll('\t', '    ').normalize('NFC').trimEnd();
}

describe('the text for the composer', () => {
  test.each([
    ['a plain line', 'hello', 'hello'],
    ['several lines', 'one\n\ntwo', 'one\n\ntwo'],
    ['a tab in front', '\tx', '    x'],
    ['tabs inside', 'a\t\tb', 'a        b'],
    ['a decomposed character', 'cafe\u0301', 'caf\u00e9'],
    ['white space at the end', 'hello \t\n ', 'hello'],
    ['white space in front', '\n  hello', '\n  hello'],
    ['shell mode', '!ls', ' !ls'],
    ['a command', '/clear', ' /clear'],
    ['a memory', '# note', ' # note'],
    ['the background', '& go', ' & go'],
    ['help', '?', ' ?'],
    ['a mode character behind a space', ' !ls', ' !ls'],
    ['a mode character inside', 'a/b?c', 'a/b?c'],
    ['a mode character in a later line', 'a\n/b', 'a\n/b'],
    ['a leading dash', '--help', '--help'],
  ])('of %s', (_name, prompt, expected) => {
    expect(toComposerText(prompt)).toEqual({ expected, paste: `${expected} ` });
  });

  test.each(['text\\', 'look at @src/index'])('keeps Enter from what stands at the end of %s', (prompt) => {
    expect(toComposerText(prompt).paste).toBe(`${prompt} `);
  });

  test.each(['exit', 'quit', ':q', ':q!', ':wq', ':wq!', 'EXIT', ' Quit\n'])(
    '%j becomes a pasted text, for alone it would end the CLI',
    (prompt) => {
      const { expected, paste } = toComposerText(prompt);
      expect(expected).toBe(prompt.trimEnd());
      expect(paste).toBe(`${expected}${'\n'.repeat(10)}`);
    },
  );

  test.each(['exit now', 'exits', '/exit', ':q?'])('%j is no word that ends the CLI', (prompt) => {
    expect(toComposerText(prompt).paste).not.toContain('\n');
  });

  test('is what arrives, whatever the prompt', () => {
    fc.assert(
      fc.property(prompts, (prompt) => {
        const { paste, expected } = toComposerText(prompt);
        expect(isSamePrompt(receive(paste), expected)).toBe(true);
        expect(isSamePrompt(expected, expected)).toBe(true);
      }),
    );
  });

  test('adds nothing to a prompt but one space in front, and white space behind', () => {
    fc.assert(
      fc.property(prompts, (prompt) => {
        const { paste, expected } = toComposerText(prompt);
        expect([receive(prompt), ` ${receive(prompt)}`]).toContain(expected);
        expect(paste.slice(0, expected.length)).toBe(expected);
        expect(paste.slice(expected.length)).toMatch(/^(?: |\n{10})$/);
      }),
    );
  });

  test('never begins with a mode character, ends with a backslash, or is a lone word that ends the CLI', () => {
    fc.assert(
      fc.property(prompts, (prompt) => {
        const { paste } = toComposerText(prompt);
        expect(paste).not.toMatch(/^[!/#&?]/);
        expect(paste).not.toMatch(/\\$/);
        expect(paste).not.toMatch(/^\s*(?:exit|quit|:q!?|:wq!?)\s?$/i);
      }),
    );
  });
});

describe('a prompt that was received', () => {
  test.each([
    ['equal', 'hello', 'hello', true],
    ['with white space behind it', 'hello \n', 'hello', true],
    ['decomposed', 'cafe\u0301', 'caf\u00e9', true],
    ['without the space in front', '!ls', ' !ls', false],
    ['with a space too many in front', '  hello', ' hello', false],
    ['in other letters', 'Hello', 'hello', false],
    ['cut off', 'hell', 'hello', false],
    ['empty', '', 'hello', false],
  ])('%s: the same or not', (_name, received, expected, same) => {
    expect(isSamePrompt(received, expected)).toBe(same);
  });

  test.each([
    ['equal', 'write the report', true],
    ['behind a line that stood in the composer', 'draft write the report', true],
    ['before a line that was typed into it', 'write the report now', true],
    ['without its first letters', 'the report', true],
    ['without its last letters', 'write the repo', true],
    ['exactly a half of it', 'write th', true],
    ['less than a half of it', 'write t', false],
    ['another text of about its length', 'what time is it?', false],
    ['nothing', '', false],
  ])('%s: ours or not', (_name, received, related) => {
    expect(isRelatedPrompt(received, 'write the report')).toBe(related);
  });

  test('is related when the space that was put in front is gone', () => {
    expect(isRelatedPrompt('!ls', ' !ls')).toBe(true);
  });

  test('is related to itself, and to itself with anything in front or behind', () => {
    fc.assert(
      fc.property(prompts, fc.string(), (prompt, more) => {
        const { expected } = toComposerText(prompt);
        expect(isRelatedPrompt(expected, expected)).toBe(true);
        expect(isRelatedPrompt(`${more} ${expected}`, expected)).toBe(true);
        expect(isRelatedPrompt(`${expected} ${more}`, expected)).toBe(true);
      }),
    );
  });

  test('is not related to a prompt of somebody that holds a short one of ours', () => {
    expect(isRelatedPrompt('what is this thing?', 'hi')).toBe(false);
  });
});
