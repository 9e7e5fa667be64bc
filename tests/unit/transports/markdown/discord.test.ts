import { describe, expect, test } from '@jest/globals';
import { toDiscord } from '../../../../src/transports/markdown/discord.ts';
import { showOnDiscord } from '../../../helpers/discord-dialect.ts';

describe('Markdown for Discord', () => {
  test.each([
    ['# a\n### b', '# a\n### b'],
    ['#### a', '**a**'],
    ['# C#', '# C\\#'],
    ['- a\n  - b\n\n3. c', '- a\n  - b\n\n3. c'],
    ['> a\n>\n> - b', '> a\n> \n> - b'],
    ['```ts\nx\n```', '```ts\nx\n```'],
    ['```c++ title\nx\n```', '```c++\nx\n```'],
    ['***a*** *b*c', '**_a_** *b*c'],
    ['**a `c` b**', '**a** `c` **b**'],
    ['`` a`b ``', '``a`b``'],
    ['[a](https://example.com/a_(b))', '[a](https://example.com/a%5F%28b%29)'],
    ['https://example.com/a_b', '<https://example.com/a_b>'],
    ['- [x] a', '- ☑ a'],
    ['| a |\n|---|\n| b |', '```\na\n-\nb\n```'],
  ])('%j is written %j', (markdown, written) => {
    expect(toDiscord(markdown)).toEqual([written]);
  });

  test.each([
    'a_b_',
    '||x||',
    '\\# a',
    '\\- a',
    '1986\\. a',
    '&gt; a',
    '-# a',
    ':smile:',
    '@everyone <@1> <#2> <@&3>',
    '__a',
  ])('%j is shown as it is, without a format', (markdown) => {
    const { text, formats } = showOnDiscord(toDiscord(markdown).join(''));
    expect(formats).toEqual([]);
    expect(text).toBe(markdown.replace('&gt;', '>').replace(/\\(?=[#\-.\\])/, ''));
  });

  test('code that has a fence in it is text', () => {
    const [message = ''] = toDiscord('````\n```\nx\n```\n````');
    expect(showOnDiscord(message)).toEqual({ text: '```\nx\n```', formats: [] });
  });

  test('a fence is closed at the end of a message and opened again in the next', () => {
    const code = Array.from({ length: 100 }, (_, at) => `  const line${at} = ${at};`);
    const pieces = toDiscord(`\`\`\`ts\n${code.join('\n')}\n\`\`\``, 600);
    expect(pieces.every((piece) => piece.startsWith('```ts\n') && piece.endsWith('\n```'))).toBe(true);
    expect(pieces.flatMap((piece) => piece.split('\n').slice(1, -1))).toEqual(code);
  });

  test('bold is closed at the end of a message and opened again in the next', () => {
    const pieces = toDiscord(`**${'word '.repeat(60)}end**`, 200);
    expect(pieces.length).toBeGreaterThan(1);
    expect(pieces.every((piece) => piece.startsWith('**') && piece.endsWith('**'))).toBe(true);
  });

  test('a message ends between blocks rather than within one', () => {
    const [first, second] = ['a '.repeat(60).trim(), 'b '.repeat(60).trim()];
    expect(toDiscord(`${first}\n\n${second}`, 200)).toEqual([first, second]);
  });

  test('a heading stays with its text', () => {
    const [first, second] = ['a '.repeat(60).trim(), 'b '.repeat(60).trim()];
    expect(toDiscord(`${first}\n\n# h\n\n${second}`, 200)).toEqual([first, `# h\n\n${second}`]);
  });
});
