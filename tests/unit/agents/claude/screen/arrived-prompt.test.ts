import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  compareArrived,
  isRelatedPrompt,
  isSamePrompt,
} from '../../../../../src/agents/claude/screen/arrived-prompt.ts';
import { toComposerText } from '../../../../../src/agents/claude/screen/composer.ts';
import { promptTexts } from './prompt-texts.ts';

describe('what arrived', () => {
  test.each<[string, string, string, readonly string[] | null]>([
    ['to the letter', 'a\tb', 'a\tb', []],
    ['with white space behind it', 'hello \n', 'hello', []],
    ['with spaces for tabs', 'a    b', 'a\tb', ['tabs_expanded']],
    ['composed', 'caf\u00e9', 'cafe\u0301', ['composed']],
    ['without what nobody sees', 'ab', 'a\u200f\ufeffb', ['invisible_removed']],
    ['without some of it', 'a\u200db', 'a\u200d\u200fb', ['invisible_removed']],
    ['with other line breaks', 'a\nb', 'a\u2028b', ['line_separators_replaced']],
    ['with a tag escaped', 'a <\\pasted_content> b', 'a <pasted_content> b', ['tags_escaped']],
    ['with tags of other forms escaped', '<\\/x><\\y>', '</x>\uff1cy>', ['tags_escaped']],
    ['with one of two tags escaped', '<\\x><\\y>', '<\\x><y>', ['tags_escaped']],
    ['with a tag escaped, and composed', '<\\x> \u00e9', '<x> e\u0301', ['tags_escaped', 'composed']],
    ['with a tag escaped that lost a letter', '<\\x>', '<xy>', null],
    ['with a space in front', ' !ls', '!ls', ['space_in_front']],
    [
      'in all these ways',
      ' ?    \u00e9',
      '?\t\u200be\u0301',
      ['space_in_front', 'tabs_expanded', 'invisible_removed', 'composed'],
    ],
    ['with a letter less', 'hell', 'hello', null],
    ['with a space too many', ' hello', 'hello', null],
    ['with another word', 'hello world', 'hello', null],
  ])('%s', (_name, received, expected, altered) => {
    expect(compareArrived(received, expected)).toEqual(altered);
  });
});

describe('a prompt that was received', () => {
  test.each([
    ['equal', 'hello', 'hello', true],
    ['with white space behind it', 'hello \n', 'hello', true],
    ['decomposed', 'cafe\u0301', 'caf\u00e9', true],
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
      fc.property(promptTexts, fc.string(), (prompt, more) => {
        const { expected } = toComposerText(prompt);
        expect(isRelatedPrompt(expected, expected)).toBe(true);
        expect(isRelatedPrompt(`${more} ${expected}`, expected)).toBe(true);
        expect(isRelatedPrompt(`${expected} ${more}`, expected)).toBe(true);
      }),
    );
  });

  test.each([
    [
      'its begin and its end',
      (text: string) => `${text.slice(0, 500)}[...Truncated text #1 +37 lines...]${text.slice(-500)}`,
    ],
    ['a label in front', (text: string) => `[Pasted text #1 +99 lines]${text.slice(0, 500)}${text.slice(-500)}`],
  ])('is related when the composer kept %s of a long one', (_name, shorten) => {
    const long = Array.from({ length: 4_000 }, (_, line) => `line ${line}`).join('\n');
    expect(isRelatedPrompt(shorten(long), long)).toBe(true);
    expect(isRelatedPrompt(`${shorten(long)} and more`, long)).toBe(false);
  });

  test('is related when some of its characters came out as others', () => {
    const long = 'a😀'.repeat(200);
    expect(isRelatedPrompt(`${long.slice(0, 300)}\ufffd\ufffd${long.slice(302)}`, long)).toBe(true);
    expect(isRelatedPrompt('b'.repeat(600), long)).toBe(false);
  });

  test('is not related to a prompt of somebody that holds a short one of ours', () => {
    expect(isRelatedPrompt('what is this thing?', 'hi')).toBe(false);
  });
});
