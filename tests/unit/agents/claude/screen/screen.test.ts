import { describe, expect, test } from '@jest/globals';
import { composerHolds, readScreen, type Beside } from '../../../../../src/agents/claude/screen/screen.ts';

const ESC = '\u001b';
/** As tmux 3.3a writes it: a style is named only where it changes, also over the end of a line. */
const RULE = '─'.repeat(200);
const GREY = `${ESC}[38;5;246m`;
const PLAIN = `${ESC}[39m`;
const RESET = `${ESC}[0m${ESC}[39m${ESC}[49m`;
const CURSOR = `${ESC}[7m ${RESET}`;
const SHORTCUTS = `${PLAIN}  ${GREY}? for shortcuts · ← for agents${PLAIN}`;
const INTERRUPT = `${PLAIN}  ${GREY}esc${PLAIN} ${GREY}to${PLAIN} ${GREY}interrupt${PLAIN} ${GREY}·${PLAIN} ${GREY}← for agents`;
const PASTE_AGAIN = `${PLAIN}  ${GREY}paste again to expand${PLAIN}`;

/** A conversation of one turn, which has ended. */
const HISTORY = [
  `${ESC}[38;5;174m ▐${ESC}[48;5;16m▛███▜${ESC}[49m▌${PLAIN}   ${ESC}[1mClaude${RESET} ${ESC}[1mCode${RESET} ${GREY}v2.1.197`,
  '',
  `${ESC}[38;5;239m${ESC}[48;5;237m❯ ${ESC}[38;5;231mhello${PLAIN}`,
  '',
  `${ESC}[38;5;231m${ESC}[49m●${PLAIN} echo: hello`,
  '',
  `${GREY}✻${PLAIN} ${GREY}Brewed for 0s${PLAIN}`,
  '',
];
const asked = (prompt: string): string => `${ESC}[38;5;239m${ESC}[48;5;237m❯ ${ESC}[38;5;231m${prompt}${PLAIN}`;
const spinner = (text: string): string => `${ESC}[38;5;174m${ESC}[49m·${PLAIN} ${ESC}[38;5;174m${text}${PLAIN}`;

/** The composer at the bottom: its lines, with the marker in the first one. */
function composer(lines: readonly string[], footer = SHORTCUTS, above: readonly string[] = HISTORY): string {
  return [...above, `${ESC}[38;5;244m${RULE}`, ...lines, `${ESC}[38;5;244m${RULE}`, footer, '', ''].join('\n');
}

const marked = (text: string): string => `${PLAIN}❯\u00a0${text}`;
const markedGrey = (text: string): string => `${GREY}❯\u00a0${PLAIN}${text}`;

/** A dialog stands below a single rule of its own colour. */
function dialog(lines: readonly string[], above: readonly string[] = HISTORY): string {
  return [...above, `${ESC}[38;5;153m${RULE}`, ...lines, ''].join('\n');
}

describe('an idle screen', () => {
  test.each<[string, readonly string[], string]>([
    ['an empty composer', [marked(CURSOR)], ''],
    ['a cursor whose style goes on over the end of the line', [marked(`${ESC}[7m`)], ''],
    ['a dim placeholder', [marked(`${ESC}[7mT${RESET}${ESC}[2mry "fix lint errors"${ESC}[0m`)], ''],
    ['a placeholder with one code for both', [marked(`${ESC}[7mT${ESC}[0;2mry "edit app.ts"${ESC}[0m`)], ''],
    ['a dim suggestion behind what is typed', [marked(`/cl${ESC}[7me${RESET}${ESC}[2mar${ESC}[0m`)], '/cl'],
    ['one line', [marked(`a line${CURSOR}`)], 'a line'],
    ['one line with the cursor inside', [marked(`a ${ESC}[7ml${RESET}ine`)], 'a line'],
    ['a line in colours', [marked(`look at ${ESC}[38;5;153m@src${PLAIN} now${CURSOR}`)], 'look at @src now'],
    ['several lines', [marked('one'), '  two', '', `    three${CURSOR}`], 'one\ntwo\n\n  three'],
    [
      'a wrapped line',
      [marked(`word ${'word '.repeat(38)}`), `  word word ${CURSOR}`],
      `${'word '.repeat(39).trim()}\nword word`,
    ],
    ['a long paste', [marked(`[Pasted text #2 +4 lines]${CURSOR}`)], '[Pasted text #2 +4 lines]'],
    ['wide characters', [marked(`😀 für 日本${CURSOR}`)], '😀 für 日本'],
  ])('with %s', (_name, lines, expected) => {
    expect(readScreen(composer(lines))).toEqual({ kind: 'idle', composer: expected });
  });

  test.each([
    ['a footer about a long paste', PASTE_AGAIN],
    ['a footer about the effort', `${PLAIN}${' '.repeat(180)}${GREY}●${PLAIN} ${GREY}high${PLAIN} ${GREY}· /effort`],
    ['no footer', ''],
  ])('may have %s', (_name, footer) => {
    expect(readScreen(composer([marked(CURSOR)], footer))).toEqual({ kind: 'idle', composer: '' });
  });

  test('may be a fresh one, with nothing above', () => {
    expect(readScreen(composer([marked(CURSOR)], SHORTCUTS, []))).toEqual({ kind: 'idle', composer: '' });
  });

  test.each<[string, readonly string[]]>([
    ['rules', [`${PLAIN}● ${RULE.slice(0, 40)}`, `  ${RULE.slice(0, 40)}`]],
    ['a composer with a text', [RULE, '❯ not this', RULE]],
    ['a grey marker', [`  ${GREY}❯\u00a0${PLAIN}not this`]],
    ['a menu', ['  Do you want to proceed?', '  ❯ 1. Yes', '    2. No']],
    ['the words of a turn', ['  esc to interrupt', `${GREY}✻${PLAIN} ${GREY}Brewed for 0s${PLAIN}`]],
  ])('may show %s in the answer', (_name, lines) => {
    const above = [...HISTORY.slice(0, 5), ...lines, '', `${GREY}✻${PLAIN} ${GREY}Brewed for 0s`, ''];
    const screen = composer([marked(`mine${CURSOR}`)], SHORTCUTS, above);
    expect(readScreen(screen)).toEqual({ kind: 'idle', composer: 'mine' });
  });

  test('may show an answer or a prompt that looks like a spinner', () => {
    const above = (line: string): readonly string[] => [...HISTORY, line, `  ${GREY}⎿  Interrupted`, ''];
    for (const line of ['● Hmm… let me see', asked('Hmm… go on')])
      expect(readScreen(composer([marked(CURSOR)], SHORTCUTS, above(line)))).toEqual({ kind: 'idle', composer: '' });
  });

  test('holds what was typed between two rules of its own', () => {
    const lines = [marked('above'), `  ${RULE.slice(0, 20)}`, `  below${CURSOR}`];
    expect(readScreen(composer(lines))).toEqual({ kind: 'idle', composer: `above\n${RULE.slice(0, 20)}\nbelow` });
  });
});

const BUSY: Beside = { activity: 'busy', cursor: null };

/** The cursor stands behind what is typed, in the line that ends with it. */
function cursorIn(screen: string): Beside {
  const row = screen.split('\n').findIndex((line) => line.includes(`${ESC}[7m`));
  return { activity: 'idle', cursor: { column: 2, row } };
}

describe('the composer', () => {
  const LYING = [
    `${PLAIN}  main`,
    RULE,
    '❯ not this',
    RULE,
    '❯ 1. Yes',
    'Enter to select · esc to interrupt · ↓ to manage',
  ].join('\n');

  test.each<[string, readonly string[], string]>([
    ['empty', [marked(CURSOR)], ''],
    ['of several lines', [marked('one'), `  two${CURSOR}`], 'one\ntwo'],
    ['with the cursor in its first line', [marked(`one${CURSOR}`), '  two'], 'one\ntwo'],
    [
      'with a rule in it',
      [marked('one'), `  ${RULE.slice(0, 30)}`, `  two${CURSOR}`],
      `one\n${RULE.slice(0, 30)}\ntwo`,
    ],
  ])('is where the cursor is, whatever a status line draws: %s', (_name, lines, expected) => {
    const screen = composer(lines, LYING);
    expect(readScreen(screen, cursorIn(screen))).toEqual({ kind: 'idle', composer: expected });
  });

  test('in shell mode is no place for a prompt, and what is drawn below it no dialog', () => {
    const screen = composer([`!\u00a0ls${CURSOR}`], LYING);
    expect(readScreen(screen, cursorIn(screen))).toMatchObject({ kind: 'other', dialog: 'unknown', menu: null });
  });

  test('is out of reach while the agent waits for something else', () => {
    const screen = composer([marked(CURSOR)], LYING);
    const waiting = { ...cursorIn(screen), activity: 'waiting' } as const;
    expect(readScreen(screen, waiting)).toMatchObject({ kind: 'other', dialog: 'unknown', menu: null });
  });

  test.each([
    ['a dialog', dialog([` Do you want to proceed?`, ` ${ESC}[7m❯ 1. Yes${RESET}`, '   2. No']), 1, 'permission'],
    [
      'an option below a second rule',
      `${RULE}\n ☐ Colour\n  1. Red\n${RULE}\n${ESC}[7m❯ 2. Chat\nEnter to select · x`,
      0,
      'question',
    ],
  ])('is none where the cursor stands in %s', (_name, screen, column, kind) => {
    const row = cursorIn(screen).cursor?.row ?? 0;
    const beside = { activity: 'waiting', cursor: { column, row } } as const;
    expect(readScreen(screen, beside)).toMatchObject({ kind: 'other', dialog: kind });
  });
});

describe('a working screen', () => {
  const above = [
    ...HISTORY,
    asked('hold one'),
    '',
    spinner('Leavening… '),
    `${GREY}  ⎿ \u00a0Tip: Start small${PLAIN}`,
    '',
  ];

  test.each([
    ['as it is by default', composer([markedGrey(CURSOR)], INTERRUPT, above)],
    ['in other colours', composer([marked(CURSOR)], INTERRUPT, above)],
    ['with other words', composer([marked(CURSOR)], `${PLAIN}  main`, [...HISTORY, spinner('Deep thinking ')])],
  ])('is one because the agent says so: %s', (_name, screen) => {
    expect(readScreen(screen, BUSY)).toEqual({ kind: 'working', composer: '', retrying: null });
  });

  test.each([
    ['a grey marker', composer([markedGrey(CURSOR)])],
    ['a footer', composer([marked(CURSOR)], INTERRUPT)],
    ['a spinner', composer([marked(CURSOR)], PASTE_AGAIN, above)],
  ])('is none for %s of which the agent says nothing', (_name, screen) => {
    expect(readScreen(screen)).toEqual({ kind: 'idle', composer: '' });
  });

  test('tells what stands in its composer', () => {
    expect(readScreen(composer([markedGrey('queue'), `  this${CURSOR}`], INTERRUPT, above), BUSY)).toMatchObject({
      kind: 'working',
      composer: 'queue\nthis',
    });
  });

  test('tells which attempt of how many it waits for', () => {
    const retry = [...HISTORY, asked('hello'), '', spinner('API error · Retrying in 2s · attempt 3/10'), ''];
    expect(readScreen(composer([markedGrey(CURSOR)], INTERRUPT, retry), BUSY)).toEqual({
      kind: 'working',
      composer: '',
      retrying: { attempt: 3, of: 10 },
    });
  });

  test('does not take an attempt in an older line for its own', () => {
    const older = [...HISTORY, spinner('attempt 3/10'), asked('next'), '', spinner('Brewing… '), ''];
    expect(readScreen(composer([markedGrey(CURSOR)], INTERRUPT, older), BUSY)).toMatchObject({ retrying: null });
  });
});

describe('another screen', () => {
  const PERMISSION = [
    ` ${ESC}[1m${ESC}[38;5;153mCreate file${RESET}`,
    ` ${GREY}../forbidden`,
    `${ESC}[38;5;239m${'╌'.repeat(200)}`,
    `${PLAIN} ${ESC}[2m${ESC}[38;5;231m 1 ${ESC}[0m${ESC}[38;5;231mx${PLAIN}`,
    ` Do you want to create ${ESC}[1mforbidden${RESET}?`,
    ` ${ESC}[38;5;153m❯${PLAIN} ${GREY}1.${PLAIN} ${ESC}[38;5;153mYes`,
    `${PLAIN}   ${GREY}2.${PLAIN} Yes, allow all edits in ${ESC}[1m/tmp${RESET} during this session`,
    `   ${GREY}3.${PLAIN} No`,
    '',
    ` ${GREY}Esc${PLAIN} ${GREY}to${PLAIN} ${GREY}cancel`,
  ];
  const menu = (question: string): readonly string[] => [
    ` ${question}`,
    ` ${ESC}[38;5;153m❯${PLAIN} ${GREY}1.${PLAIN} ${ESC}[38;5;153mStop and wait`,
    `${PLAIN}   ${GREY}2.${PLAIN} Upgrade`,
  ];

  test.each<[string, readonly string[], string]>([
    ['a permission', PERMISSION, 'permission'],
    ['a plan', menu('Would you like to proceed?'), 'permission'],
    ['a session limit', menu('You’ve hit your session limit · resets 5pm'), 'usage_limit'],
    ['a weekly limit', menu('Weekly limit reached'), 'usage_limit'],
    ['a limit of five hours', menu('5-hour limit reached ∙ resets 3pm'), 'usage_limit'],
    ['a usage limit', menu('Claude usage limit reached.'), 'usage_limit'],
    ['a question of the agent', menu('Which colour?'), 'unknown'],
    ['a limit that asks nothing', [' Weekly limit reached', ' Enter to continue'], 'unknown'],
  ])('tells its dialog: %s', (_name, lines, kind) => {
    expect(readScreen(dialog(lines))).toMatchObject({ kind: 'other', dialog: kind });
  });

  test('keeps the lines that a person needs to see, without colours', () => {
    const screen = readScreen(dialog(PERMISSION));
    const lines = screen.kind === 'other' ? screen.lines.split('\n') : [];
    expect(lines).toContain(' Do you want to create forbidden?');
    expect(lines.at(-1)).toBe(' Esc to cancel');
  });

  test('may be the rewind menu', () => {
    const lines = [
      `  ${ESC}[1m${ESC}[38;5;153mRewind${RESET}`,
      '',
      '  Restore the code and/or conversation to the point before…',
      '',
      '    hello',
      `  ${ESC}[1m${ESC}[38;5;153m❯${RESET} ${ESC}[3m${ESC}[38;5;153m(current)`,
    ];
    expect(readScreen(dialog(lines))).toMatchObject({ kind: 'other', dialog: 'unknown' });
  });

  test.each(['', 'ls -l'])('may be shell mode with %j typed', (typed) => {
    const pink = `${ESC}[38;5;211m`;
    const lines = [
      `${pink}${RULE}`,
      `!\u00a0${typed}${CURSOR}`,
      `${pink}${RULE}`,
      `${PLAIN}  ${pink}! for shell mode${PLAIN}`,
    ];
    expect(readScreen([...HISTORY, ...lines].join('\n'))).toMatchObject({ kind: 'other', dialog: 'unknown' });
  });

  test.each<[string, readonly string[]]>([
    ['the choice of a style', [' Choose the text style', '', ` ❯ 1. Dark mode ✔`, '   2. Light mode']],
    [
      'the trust of a folder',
      [' Do you trust the files in this folder?', '', ` ❯ 1. Yes, I trust this folder`, '   2. No, exit'],
    ],
    ['the use of a key', [' Detected a custom API key in your environment', '', '   1. Yes', ` ❯ 2. No (recommended)`]],
  ])('may be a dialog of the first run: %s', (_name, lines) => {
    for (const above of [[], [RULE]])
      expect(readScreen([...above, ...lines].join('\n'))).toMatchObject({ kind: 'other', dialog: 'unknown' });
  });

  test.each<[string, string]>([
    ['an empty one', ''],
    ['a start', `\n${HISTORY[0]}\n`],
    ['a composer that is half drawn', [...HISTORY, `${ESC}[38;5;244m${RULE}`, marked(CURSOR)].join('\n')],
    ['two rules with nothing between them', [RULE, RULE].join('\n')],
    ['rules that are too short', ['─'.repeat(9), marked(CURSOR), '─'.repeat(9)].join('\n')],
    ['a shell behind the end of the program', '$ echo ❯\n❯\n$'],
  ])('may be %s', (_name, screen) => {
    expect(readScreen(screen)).toMatchObject({ kind: 'other', dialog: 'unknown' });
  });

  test('is no usage limit for a conversation that speaks of one', () => {
    const above = [...HISTORY, asked('1. Add a rate limit to the API'), '● Do you want to proceed?'];
    expect(readScreen(dialog(['  Rewind', '', '  ❯ (current)'], above))).toMatchObject({ dialog: 'unknown' });
  });
});

describe('what the composer holds', () => {
  const long = 'word '.repeat(60).trim();
  test.each([
    ['exactly the text', 'hello', 'hello', true],
    ['several lines', 'one\ntwo', 'one\ntwo', true],
    ['a text that wraps', `${long.slice(0, 197)}\n${long.slice(197)}`, long, true],
    ['a text without the space in front', '!ls', ' !ls', true],
    ['a label for a pasted text', '[Pasted text #1]', 'exit', true],
    ['a label for many lines', '[Pasted text #12 +3000 lines]', long, true],
    ['nothing', '', 'hello', false],
    ['nothing, and nothing was expected', '', '', false],
    ['a part of it', 'hell', 'hello', false],
    ['more than it', 'hello there', 'hello', false],
    ['a label and more', '[Pasted text #1 +3 lines] and', 'hello', false],
    ['two labels', '[Pasted text #1] [Pasted text #2]', 'hello', false],
    ['another case', 'Hello', 'hello', false],
  ])('is ours or not: %s', (_name, shown, expected, holds) => {
    expect(composerHolds(shown, expected)).toBe(holds);
  });
});
