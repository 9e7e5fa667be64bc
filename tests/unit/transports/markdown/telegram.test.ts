import { describe, expect, test } from '@jest/globals';
import { toTelegram } from '../../../../src/transports/markdown/telegram.ts';

describe('Markdown for Telegram', () => {
  test('each format is an entity of the plain text', () => {
    expect(show('**b** *i* ~~s~~ `c` [l](https://example.com/x)')).toEqual([
      'b i s c l',
      'bold: b',
      'italic: i',
      'strikethrough: s',
      'code: c',
      'text_link: l https://example.com/x',
    ]);
  });

  test('offsets count UTF-16 units', () => {
    expect(toTelegram('👍 **b**')).toEqual([{ text: '👍 b', entities: [{ type: 'bold', offset: 3, length: 1 }] }]);
  });

  test('code holds no other format and stands in none', () => {
    expect(show('**a `c` b**')).toEqual(['a c b', 'bold: a', 'code: c', 'bold: b']);
  });

  test('a heading is bold', () => {
    expect(show('## a `c`\ntext')).toEqual(['a c\ntext', 'bold: a', 'code: c']);
  });

  test('a code block names its language and keeps its first indent', () => {
    expect(show('a\n\n```ts\n  x;\n\n  y;\n```')).toEqual(['a\n\n  x;\n\n  y;', 'pre: "  x;\\n\\n  y;" ts']);
  });

  test('a quote in a quote shows by its sign', () => {
    expect(show('> a\n>\n> > b')).toEqual(['a\n\n> b', 'blockquote: "a\\n\\n> b"']);
  });

  test('lists keep their numbers, their depth and what is done', () => {
    expect(show('7. a\n8. b\n   - [x] c\n   - [ ] d')).toEqual(['7. a\n8. b\n   • ☑ c\n   • ☐ d']);
  });

  test('a table is a block of equal columns, by display width', () => {
    const [{ text } = { text: '' }] = toTelegram('| a | 日本 |\n|--:|:-:|\n| 100 | x |\n| e\u0301 | 👍 |');
    expect(text.split('\n')).toEqual(['  a | 日本', '----+-----', '100 |  x', '  e\u0301 |  👍']);
  });

  test('HTML is text, a picture its link, a footnote its number', () => {
    expect(show('<b>x</b> ![p](https://example.com/p.png) n[^1]\n\n[^1]: foot')).toEqual([
      '<b>x</b> p n[1]\n\n[1] foot',
      'text_link: p https://example.com/p.png',
    ]);
  });

  test('an address that nothing refers to is text', () => {
    expect(show('[note]: see')).toEqual(['[note]: see']);
  });

  test.each(['[github.com](https://evil.example)', '[https://a.example](https://b.example)'])(
    'no link hides behind another address: %s',
    (markdown) => {
      const [piece] = toTelegram(markdown);
      expect(piece?.text).toContain(' (https://');
      expect(piece?.entities).toEqual([]);
    },
  );

  test.each(['tg://user?id=1', 'javascript:alert(1)', '/etc/passwd', 'file:///x'])('%s is no link', (url) => {
    expect(toTelegram(`[a](${url})`)).toEqual([{ text: `a (${url})`, entities: [] }]);
  });

  test('a single tilde strikes nothing', () => {
    expect(show('~5 or ~6')).toEqual(['~5 or ~6']);
  });

  test('a message of more than 100 entities is two', () => {
    const pieces = toTelegram('**a** b '.repeat(150));
    expect(pieces.map(({ entities }) => entities.length <= 100)).toEqual([true, true]);
    expect(pieces.flatMap(({ entities }) => entities)).toHaveLength(150);
  });

  test('what nobody would see is no message', () => {
    expect(['', ' \n ', '\u200b', '&nbsp;', '\u2800\u3164'].flatMap((text) => toTelegram(text))).toEqual([]);
  });

  test('a character whose accents fill more than a message is cut between them', () => {
    const text = `e${'\u0301'.repeat(250)}`;
    expect(
      toTelegram(text, 100)
        .map((piece) => piece.text)
        .join(''),
    ).toBe(text);
  });
});

function show(markdown: string): readonly string[] {
  return toTelegram(markdown).flatMap(({ text, entities }) => [
    text,
    ...entities.map(({ type, offset, length, url, language }) => {
      const part = text.slice(offset, offset + length);
      return [`${type}:`, part.includes('\n') ? JSON.stringify(part) : part, url, language].filter(Boolean).join(' ');
    }),
  ]);
}
