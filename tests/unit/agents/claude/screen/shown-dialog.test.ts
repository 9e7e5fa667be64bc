import { describe, expect, test } from '@jest/globals';
import { isSameDialog, readShownDialog } from '../../../../../src/agents/claude/screen/shown-dialog.ts';

const RULE = '─'.repeat(120);
const server = (marked: number, numbered: boolean): readonly string[] => {
  const labels = ['Use this MCP server', 'Continue without using this MCP server'];
  const option = (label: string, at: number): string =>
    `  ${at === marked ? '❯' : ' '} ${numbered ? `${at + 1}. ` : ''}${label}`;
  const about = ['  MCP servers may execute code.', ''];
  return [
    RULE,
    '  New MCP server found in this project: x',
    '',
    ...about,
    ...labels.map(option),
    '',
    '  Enter to confirm · Esc to reject',
  ];
};
const boxes = (first: string, marked: number): readonly string[] => [
  RULE,
  '  2 new MCP servers found in this project',
  '',
  `  ${marked === 0 ? '❯' : ' '} [${first}] one`,
  `  ${marked === 1 ? '❯' : ' '} [✔] two`,
  `  ${marked === 2 ? '❯' : ' '}    Enable selected`,
  '',
  ' Space to select · Esc to reject all',
];
const FORM = [
  RULE,
  '  MCP server “form” requests your input',
  '',
  '  Who are you?',
  '',
  '  ❯ * Name: Type something…',
  '',
  '  Esc to cancel',
];

describe('a dialog of any form', () => {
  test.each([true, false])('is read with its options, whether they bear numbers (%s) or not', (numbered) => {
    expect(readShownDialog(server(1, numbered))).toMatchObject({
      title: 'New MCP server found in this project: x',
      isForm: false,
      options: [
        { label: 'Use this MCP server', isMarked: false, isTicked: null },
        { label: 'Continue without using this MCP server', isMarked: true, isTicked: null },
      ],
    });
  });

  test.each([0, 1, 2])('is read with its boxes and the line that ends the choice, the mark at %d', (marked) => {
    expect(readShownDialog(boxes(' ', marked))?.options).toEqual([
      { label: 'one', isMarked: marked === 0, isTicked: false },
      { label: 'two', isMarked: marked === 1, isTicked: true },
      { label: 'Enable selected', isMarked: marked === 2, isTicked: null },
    ]);
  });

  test('offers no options where a form is to be filled in', () => {
    expect(readShownDialog(FORM)).toMatchObject({ isForm: true, options: [] });
  });

  test.each([
    ['a composer', [RULE, '❯ ', RULE, '  ? for shortcuts']],
    ['a view of the transcript', [RULE, '  Showing detailed transcript · ctrl+o to toggle']],
    ['an empty screen', ['', '']],
  ])('is none in %s', (_name, lines) => {
    expect(readShownDialog(lines)).toBeNull();
  });

  test('stays the same whatever is marked and ticked', () => {
    const [one, other] = [readShownDialog(boxes(' ', 0)), readShownDialog(boxes('✔', 2))];
    expect(one !== null && other !== null && isSameDialog(one, other)).toBe(true);
  });

  test('is another one when it is about something else', () => {
    const one = readShownDialog(server(0, true));
    const other = readShownDialog(server(0, true).map((line) => line.replace(': x', ': y')));
    expect(one !== null && other !== null && isSameDialog(one, other)).toBe(false);
  });
});
