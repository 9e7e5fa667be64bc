import { describe, expect, test } from '@jest/globals';
import { isAbout, matchOf, readMenu, type Menu } from '../../../../../src/agents/claude/screen/menu.ts';
import { readScreen, type Dialog } from '../../../../../src/agents/claude/screen/screen.ts';
import {
  bashDialog,
  bashDialogWithAuto,
  fetchDialog,
  longPlanDialog,
  planDialog,
  questionDialog,
  readDialog,
  reviewDialog,
  RULE,
  severalDialog,
  writeDialog,
  type Lines,
} from '../../../../helpers/claude-dialogs.ts';

const COLOUR = 'Which colour?';
const SIZES = 'Which sizes?';
/** What stands above a dialog: a conversation, with a rule and a list of its own. */
const ABOVE: Lines = ['❯ hello', RULE, '● Two ways:', '  1. Yes', '  2. No', '', '❯ 1. do it'];
const LONG = Array.from({ length: 80 }, (_, index) => `echo line number ${index} of a long command`).join('\n');

function mustRead(lines: Lines): Menu {
  const menu = readMenu(lines);
  if (menu === null) throw new Error('no menu');
  return menu;
}

const labels = (lines: Lines): Lines => mustRead(lines).options.map(({ label }) => label);
const markedIn = (lines: Lines): Lines =>
  mustRead(lines).options.flatMap(({ isMarked, label }) => (isMarked ? [label] : []));

describe('a menu', () => {
  test.each<[string, Lines, Lines, Dialog]>([
    [
      'of a command',
      bashDialog('touch two.txt'),
      ['Yes', 'Yes, and always allow access to work/ from this project', 'No'],
      'permission',
    ],
    [
      'of a command, with auto mode',
      bashDialogWithAuto('touch two.txt'),
      [
        'Yes',
        'Yes, and always allow access to /work from this project',
        'Yes, and switch to auto mode · auto mode handles these prompts for you',
        'No',
      ],
      'permission',
    ],
    [
      'of a file to read',
      readDialog('/etc/passwd'),
      ['Yes', 'Yes, allow reading from etc/ during this session', 'No'],
      'permission',
    ],
    [
      'of a file to write',
      writeDialog('n.txt', 'x\n1. y'),
      ['Yes', 'Yes, and always allow access to work/ from this project', 'No'],
      'permission',
    ],
    [
      'of a page to fetch',
      fetchDialog('http://127.0.0.1:9/x'),
      ['Yes', "Yes, and don't ask again for 127.0.0.1", 'No, and tell Claude what to do differently (esc)'],
      'permission',
    ],
    ['of the end of plan mode', planDialog(), ['Yes', 'No'], 'permission'],
    [
      'of a plan',
      longPlanDialog(),
      ['Yes, and use auto mode', 'Yes, manually approve edits', 'Tell Claude what to change'],
      'permission',
    ],
    [
      'of a question, with the option below its rule',
      questionDialog(COLOUR, ['Red', 'Blue']),
      ['Red', 'Blue', 'Type something.', 'Chat about this'],
      'question',
    ],
    [
      'of boxes to tick',
      severalDialog(SIZES, ['S', 'L'], { marked: 0, ticked: new Set(['L']) }),
      ['[ ] S', '[✔] L', '[ ] Type something', 'Chat about this'],
      'question',
    ],
    ['of a review', reviewDialog(), ['Submit answers', 'Cancel'], 'question'],
  ])('%s is read with its options, in their order', (_name, lines, expected, dialog) => {
    expect(labels(lines)).toEqual(expected);
    expect(labels([...ABOVE, ...lines])).toEqual(expected);
    expect(readScreen([...ABOVE, ...lines].join('\n'))).toMatchObject({ kind: 'other', dialog });
  });

  test.each([0, 1, 2])('tells which option is marked: %i', (marked) => {
    const expected = labels(bashDialog('ls'))[marked];
    expect(markedIn(bashDialog('ls', marked))).toEqual([expected]);
    expect(markedIn([...ABOVE, ...bashDialog('1. ls\n2. ls', marked)])).toEqual([expected]);
  });

  test('tells the mark on the option below its rule', () => {
    const lines = questionDialog(COLOUR, ['Red', 'Blue'], 3).map((line) => line.replace('  4. Chat', '❯ 4. Chat'));
    expect(markedIn(lines)).toEqual(['Chat about this']);
    expect(mustRead(lines).text).toContain(COLOUR);
  });

  test('is not confused by a number in what is said of an option', () => {
    const lines = questionDialog(COLOUR, ['Red', 'Blue'], 1).map((line) => line.replace('about 0', '7. Roses'));
    expect(labels(lines)).toEqual(['Red', 'Blue', 'Type something.', 'Chat about this']);
  });

  test('holds nothing of what stands above its rule', () => {
    const { text } = mustRead([...ABOVE, ...bashDialog('touch two.txt')]);
    expect(text).toMatch(/^ Bash command\n/);
  });

  test('whose top scrolled away is read all the same', () => {
    const lines = bashDialog(LONG, 2).slice(-50);
    expect(labels(lines)).toHaveLength(3);
    expect(markedIn(lines)).toEqual(['No']);
  });

  test('is not cut by a rule in the command', () => {
    const command = `echo ${'─'.repeat(20)}\n${'─'.repeat(20)}`;
    expect(mustRead(bashDialog(command)).text).toContain(' Bash command');
  });

  test.each<[string, Lines]>([
    ['nothing', []],
    ['a composer that holds a list', [...ABOVE, RULE, '❯ 1. one', '  2. two', RULE, '  ? for shortcuts']],
    ['options without a mark', bashDialog('ls', 9)],
    ['a rule with nothing below', [RULE, ' Bash command']],
  ])('is not seen in %s', (_name, lines) => {
    expect(readMenu(lines)).toBeNull();
  });
});

describe('a dialog is about a prompt', () => {
  const wrapped = `echo ${'word '.repeat(60)}end`;
  const asWrapped = (text: string): string => text.replaceAll(/(.{90})/g, '$1\n');

  test.each<[string, Lines, Lines]>([
    ['that names its command', bashDialog('touch two.txt'), ['touch two.txt']],
    ['that names its short command on a line of its own', bashDialog('ls'), ['ls']],
    ['that names it so beside auto mode', bashDialogWithAuto('ls'), ['ls']],
    [
      'that names a value behind its name',
      [RULE, ' Fetch', ' url: http://a', ...bashDialog('x').slice(-5)],
      ['http://a'],
    ],
    ['whose command breaks at the width of the pane', bashDialog(asWrapped(wrapped)), [wrapped]],
    ['whose command scrolled away but for its end', bashDialog(LONG).slice(-50), [LONG]],
    ['that names its file', readDialog('/etc/passwd'), ['/etc/passwd']],
    ['that names its short file', readDialog('/a'), ['/a']],
    ['that asks about its file', writeDialog('n.txt', 'x'), ['/work/n.txt', 'create n.txt?']],
    ['that names its address', fetchDialog('http://127.0.0.1:9/x'), ['http://127.0.0.1:9/x']],
    ['that shows its question', questionDialog(COLOUR, ['Red']), [COLOUR]],
    ['that shows one of its questions', severalDialog(SIZES, ['S'], { marked: 0, ticked: new Set() }), [COLOUR, SIZES]],
  ])('%s', (_name, lines, subjects) => {
    expect(isAbout(mustRead([...ABOVE, ...lines]), subjects)).toBe(true);
  });

  test.each<[string, Lines, Lines]>([
    ['for another command', bashDialog('touch two.txt'), ['touch three.txt']],
    ['for a short command that is a part of it', bashDialog('ls -l /etc'), ['ls']],
    ['for a word of its buttons', bashDialog('touch two.txt'), ['Yes']],
    ['for a command that only the conversation shows', bashDialog('touch two.txt'), ['hello']],
    ['for another long command of the same middle', bashDialog(LONG).slice(-50), [`rm -r /\n${LONG}\nrm -r /`]],
    ['for another file', writeDialog('n.txt', 'x'), ['/work/m.txt', 'create m.txt?']],
    ['for another question', questionDialog(COLOUR, ['Red']), [SIZES]],
    ['for nothing', bashDialog('ls'), []],
  ])('and not %s', (_name, lines, subjects) => {
    expect(isAbout(mustRead([...ABOVE, ...lines]), subjects)).toBe(false);
  });
});

test.each<[string, Lines, Lines, number]>([
  ['a line of its own', bashDialog('touch two.txt'), ['touch two.txt'], 2],
  ['in brackets', readDialog('/etc/passwd'), ['/etc/passwd'], 2],
  ['in quotes', fetchDialog('http://127.0.0.1:9/x'), ['http://127.0.0.1:9/x'], 2],
  ['as a part', writeDialog('notes.md', 'x'), ['/work/a/notes.md', 'create notes.md?'], 1],
  ['not at all', bashDialog('touch two.txt'), ['touch three.txt'], 0],
])('a dialog shows its subject best %s', (_name, lines, subjects, match) => {
  expect(matchOf(mustRead([...ABOVE, ...lines]), subjects)).toBe(match);
});

test('a marked label that wraps begins without a space', () => {
  const long = 'a very long label '.repeat(12).trim();
  const lines = [RULE, ' ☐ Way', '', 'Which way?', '', `❯ 1.${long}`, '  2. Short', RULE, '  3. Chat about this'];
  const menu = mustRead([...ABOVE, ...lines, '', 'Enter to select · Esc to cancel']);
  expect(menu.options.map(({ label, isMarked }) => [label, isMarked])).toEqual([
    [long, true],
    ['Short', false],
    ['Chat about this', false],
  ]);
});

test('a question may hold what looks like a composer', () => {
  const question = `Which way?\n${RULE}\n❯ hello`;
  const lines = [RULE, ' ☐ Way', '', ...question.split('\n'), '', '❯ 1. Left', '  2. Right', RULE];
  const foot = ['  3. Chat about this', '', 'Enter to select · ↑/↓ to navigate · Esc to cancel'];
  const screen = readScreen([...ABOVE, ...lines, ...foot].join('\n'));
  expect(screen).toMatchObject({ kind: 'other', dialog: 'question' });
  expect(isAbout(mustRead([...ABOVE, ...lines, ...foot]), [question])).toBe(true);
});
