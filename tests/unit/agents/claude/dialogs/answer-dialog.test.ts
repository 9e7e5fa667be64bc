import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { answerAtDialog } from '../../../../../src/agents/claude/dialogs/answer-dialog.ts';
import { DialogGoneError } from '../../../../../src/agents/claude/dialogs/dialog-keys.ts';
import { DENIED } from '../../../../../src/agents/program/asking/permission.ts';
import type { Decision } from '../../../../../src/core/model/approval.ts';
import type { ApprovalAsk } from '../../../../../src/core/ports/agent.ts';
import {
  bashDialog,
  bashDialogWithAuto,
  fetchDialog,
  longPlanDialog,
  planDialog,
  planDialogWithMode,
  questionDialog,
  reviewDialog,
  severalDialog,
  viewOf,
  type Lines,
} from '../../../../helpers/claude-dialogs.ts';
import {
  createScriptedScreen,
  createStillTime,
  idle,
  working,
  type ScriptedScreen,
  type Shown,
  type StillTime,
} from '../../../../helpers/scripted-screen.ts';

const ALLOW: Decision = { allow: true, message: null, remember: false, answers: null, mode: null };
const EDITS: Decision = { ...ALLOW, mode: 'accept_edits' };
const DENY: Decision = { ...ALLOW, allow: false, message: 'use another way\nsecond line' };
const BASH: ApprovalAsk = {
  kind: 'tool',
  toolUseId: 'use-1',
  subagent: null,
  tool: 'Bash',
  input: { command: 'touch two.txt' },
  rules: [],
};
const FETCH: ApprovalAsk = { ...BASH, tool: 'WebFetch', input: { url: 'http://127.0.0.1:9/x', prompt: 'what' } };
const PLAN: ApprovalAsk = { ...BASH, kind: 'plan', tool: 'ExitPlanMode', input: { plan: 'all' } };
const COLOUR = 'Which colour?';
const SIZES = 'Which sizes?';
const toOptions = (...labels: Lines) => labels.map((label) => ({ label, description: label }));
const colour = { question: COLOUR, header: 'Colour', multiSelect: false, options: toOptions('Red', 'Blue') };
const sizes = { question: SIZES, header: 'Sizes', multiSelect: true, options: toOptions('S', 'M', 'L') };

function asking(...questions: readonly object[]): ApprovalAsk {
  return { ...BASH, kind: 'question', tool: 'AskUserQuestion', input: { questions } };
}

/** A dialog that follows its keys. */
interface Page {
  lines(): Lines;
  /** `done`: it goes, and the next one stands. */
  take(act: string): 'stays' | 'done';
}

/** Pages of which each goes away when it is answered; behind the last one the agent works. */
function play(...pages: readonly Page[]): ScriptedScreen {
  let at = 0;
  const show = () => {
    const page = pages[at];
    return page === undefined ? working() : viewOf(page.lines());
  };
  return createScriptedScreen([show], (act) => {
    if (pages[at]?.take(act) === 'done') at += 1;
  });
}

const step = (act: string): number => (act === 'Down' ? 1 : act === 'Up' ? -1 : 0);

function menuPage(draw: (marked: number) => Lines, marked = 0): Page {
  return {
    lines: () => draw(marked),
    take(act) {
      marked += step(act);
      return act === 'Enter' ? 'done' : 'stays';
    },
  };
}

/** With a field behind Tab, in its last option. */
function bashPage(command = 'touch two.txt', marked = 0): Page {
  let field: string | null = null;
  const no = (): string => {
    if (field === null) return 'No';
    return field === '' ? 'No, and tell Claude what to do differently' : `No, ${field}`;
  };
  return {
    lines: () => bashDialog(command, marked, ['Yes', 'Yes, and always', no()]),
    take(act) {
      marked += step(act);
      if (act === 'Tab' && marked === 2) field = '';
      if (act.startsWith('paste ') && field !== null) field += act.slice('paste '.length);
      return act === 'Enter' ? 'done' : 'stays';
    },
  };
}

/** The same of 2.1.332, where another option stands before the last. */
function bashPageWithAuto(marked = 0): Page {
  let field: string | null = null;
  const no = (): string => {
    if (field === null) return 'No';
    return field === '' ? 'No, and tell Claude what to do differently' : `No, ${field}`;
  };
  return {
    lines: () => bashDialogWithAuto('touch two.txt', marked, no()),
    take(act) {
      marked += step(act);
      if (act === 'Tab' && marked === 3) field = '';
      if (act.startsWith('paste ') && field !== null) field += act.slice('paste '.length);
      return act === 'Enter' ? 'done' : 'stays';
    },
  };
}

/** Its last option is a field at once. */
function planPage(labels?: Lines): Page {
  let marked = 0;
  let own = '';
  return {
    lines: () => longPlanDialog(marked, own, labels),
    take(act) {
      marked += step(act);
      if (act.startsWith('paste ') && marked === (labels ?? ['', '']).length) own += act.slice('paste '.length);
      return act === 'Enter' ? 'done' : 'stays';
    },
  };
}

function questionPage(): Page {
  let marked = 0;
  let own = '';
  return {
    lines: () => questionDialog(COLOUR, ['Red', 'Blue'], marked, own || 'Type something.'),
    take(act) {
      marked += step(act);
      if (act.startsWith('paste ') && marked === 2) own += act.slice('paste '.length);
      return act === 'Enter' ? 'done' : 'stays';
    },
  };
}

/** Its last line, which tells of Tab, comes some looks after every key. */
function slowPage(page: Page): Page {
  let looks = 0;
  return {
    lines() {
      looks += 1;
      return looks > 6 ? page.lines() : page.lines().slice(0, -1);
    },
    take(act) {
      looks = 0;
      return page.take(act);
    },
  };
}

/** Tab leaves it; out of the field of own words it leads to the line "Submit". */
function sizesPage(): Page {
  const labels = ['S', 'M', 'L'];
  const ticked = new Set<string>();
  let marked = 0;
  let own = '';
  let isAtSubmit = false;
  return {
    lines: () => severalDialog(SIZES, labels, { marked, ticked, own }),
    take(act) {
      marked += step(act);
      const label = labels[marked];
      if (act.startsWith('paste ') && label === undefined) own += act.slice('paste '.length);
      if (act === 'Enter' && isAtSubmit) return 'done';
      if (act === 'Enter' && label !== undefined) ticked.add(label);
      if (act === 'Tab' && label === undefined) isAtSubmit = true;
      return act === 'Tab' && label !== undefined ? 'done' : 'stays';
    },
  };
}

const answer = (terminal: ScriptedScreen, ask: ApprovalAsk, decision: Decision): Promise<void> =>
  answerAtDialog({ terminal, cwd: '/work', signal: AbortSignal.any([]) }, ask, decision);

const MESSAGE = `paste ${DENY.message}`;
const sizesAnswered = (...answers: Lines): Decision => ({ ...ALLOW, answers: { [COLOUR]: 'Red', [SIZES]: answers } });

describe('a decision is given by keys', () => {
  test.each<[string, ApprovalAsk, Decision, () => readonly Page[], Lines]>([
    ['an allowed command', BASH, ALLOW, () => [bashPage()], ['Enter']],
    ['one whose mark a person moved', BASH, ALLOW, () => [bashPage(undefined, 2)], ['Up', 'Up', 'Enter']],
    ['a denied command, with the reason', BASH, DENY, () => [bashPage()], ['Down', 'Down', 'Tab', MESSAGE, 'Enter']],
    [
      'a denied command whose dialog is drawn slowly',
      BASH,
      DENY,
      () => [slowPage(bashPage())],
      ['Down', 'Down', 'Tab', MESSAGE, 'Enter'],
    ],
    [
      'a denied command without a reason',
      BASH,
      { ...DENY, message: null },
      () => [bashPage()],
      ['Down', 'Down', 'Tab', `paste ${DENIED}`, 'Enter'],
    ],
    [
      'a denied page, whose dialog takes no reason',
      FETCH,
      DENY,
      () => [menuPage((marked) => fetchDialog('http://127.0.0.1:9/x', marked))],
      ['Down', 'Down', 'Enter'],
    ],
    ['an allowed end of plan mode', PLAN, ALLOW, () => [menuPage(planDialog)], ['Enter']],
    [
      'an end of plan mode that does not ask how to go on',
      PLAN,
      { ...ALLOW, mode: 'accept_edits' },
      () => [menuPage(planDialog, 1)],
      ['Up', 'Enter'],
    ],
    ['a denied end of plan mode', PLAN, DENY, () => [menuPage(planDialog)], ['Down', 'Enter']],
    ['the same that names a mode', PLAN, ALLOW, () => [menuPage(planDialogWithMode)], ['Enter']],
    ['a plan to ask for each', PLAN, { ...ALLOW, mode: 'ask' }, () => [planPage()], ['Down', 'Enter']],
    [
      'a plan with edits',
      PLAN,
      EDITS,
      () => [planPage(['Yes, clear context and auto-accept edits', 'Yes, auto-accept edits'])],
      ['Down', 'Enter'],
    ],
    ['a plan with edits, where only auto mode would not ask', PLAN, EDITS, () => [planPage()], ['Down', 'Enter']],
    [
      'a plan with edits, where only a bypass would not ask',
      PLAN,
      EDITS,
      () => [planPage(['Yes, and bypass permissions', 'Yes, manually approve edits'])],
      ['Down', 'Enter'],
    ],
    ['a denied plan, with the reason', PLAN, DENY, () => [planPage()], ['Down', 'Down', MESSAGE, 'Enter']],
    ['a command beside auto mode', BASH, ALLOW, () => [bashPageWithAuto()], ['Enter']],
    [
      'a command on whose auto mode a person left the mark',
      BASH,
      ALLOW,
      () => [bashPageWithAuto(2)],
      ['Up', 'Up', 'Enter'],
    ],
    [
      'a denied command beside auto mode, with the reason',
      BASH,
      DENY,
      () => [bashPageWithAuto()],
      ['Down', 'Down', 'Down', 'Tab', MESSAGE, 'Enter'],
    ],
    [
      'an answer',
      asking(colour),
      { ...ALLOW, answers: { [COLOUR]: 'Blue' } },
      () => [questionPage()],
      ['Down', 'Enter'],
    ],
    [
      'an answer in own words',
      asking(colour),
      { ...ALLOW, answers: { [COLOUR]: 'Green' } },
      () => [questionPage()],
      ['Down', 'Down', 'paste Green', 'Enter'],
    ],
    [
      'a question that is not answered',
      asking(colour),
      DENY,
      () => [questionPage()],
      ['Down', 'Down', MESSAGE, 'Enter'],
    ],
    [
      'two questions, of which one takes several, and a review',
      asking(colour, sizes),
      sizesAnswered('L', 'S'),
      () => [questionPage(), sizesPage(), menuPage(reviewDialog)],
      ['Enter', 'Enter', 'Down', 'Down', 'Enter', 'Tab', 'Enter'],
    ],
    [
      'several answers, of which some are own words',
      asking(colour, sizes),
      sizesAnswered('M', 'XL', 'XS'),
      () => [questionPage(), sizesPage(), menuPage(reviewDialog)],
      ['Enter', 'Down', 'Enter', 'Down', 'Down', 'paste XL, XS', 'Tab', 'Enter', 'Enter'],
    ],
  ])('%s', async (_name, ask, decision, pages, keys) => {
    const terminal = play(...pages());
    await answer(terminal, ask, decision);
    expect(terminal.did).toEqual(keys);
    // Every page was answered.
    expect(await terminal.look()).toEqual(working());
  });
});

describe('no key is pressed', () => {
  let time: StillTime;
  beforeEach(() => void (time = createStillTime()));
  afterEach(() => time[Symbol.dispose]());

  const refused = async (terminal: ScriptedScreen, ask: ApprovalAsk, decision: Decision): Promise<void> => {
    await expect(answer(terminal, ask, decision)).rejects.toThrow(DialogGoneError);
  };
  const twoTxt = viewOf(bashDialog('touch two.txt'));

  test.each<[string, Shown]>([
    ['at the dialog of another command', viewOf(bashDialog('touch three.txt'))],
    ['at a question', viewOf(questionDialog(COLOUR, ['touch two.txt']))],
    ['at a composer', idle()],
    ['at a composer that holds the command', idle('touch two.txt')],
    ['while the agent works', working()],
    ['when the agent is gone', null],
  ])('%s', async (_name, shown) => {
    const view = typeof shown === 'function' ? shown() : shown;
    for (const decision of [ALLOW, DENY]) {
      const terminal = createScriptedScreen([time.later(1_000, view)]);
      await refused(terminal, BASH, decision);
      expect(terminal.did).toEqual([]);
    }
  });

  test('before a dialog is drawn to its end', async () => {
    const whole = bashDialog('touch two.txt');
    const halves = [4, 3, 2, 1].map((count) => viewOf(whole.slice(0, -count)));
    const terminal = createScriptedScreen([...halves, twoTxt], (_act, screen) => screen.shows(working()));
    await answer(terminal, BASH, ALLOW);
    expect(terminal.did).toEqual(['Enter']);
    expect(terminal.looks).toBeGreaterThan(halves.length + 1);
  });

  test('at a dialog that is never drawn to its end', async () => {
    let drawn = 0;
    const terminal = createScriptedScreen([
      () => {
        time.pass(500);
        return viewOf(bashDialog(`touch two.txt\n${'.'.repeat((drawn += 1))}`));
      },
    ]);
    await refused(terminal, BASH, ALLOW);
    expect(terminal.did).toEqual([]);
  });

  test('at a dialog that does not offer the answer', async () => {
    const terminal = createScriptedScreen([
      time.later(1_000, viewOf(bashDialog('touch two.txt', 0, ['Yes', 'Always']))),
    ]);
    await refused(terminal, BASH, DENY);
    expect(terminal.did).toEqual([]);
  });

  test('once the caller gives up', async () => {
    const terminal = createScriptedScreen([twoTxt]);
    await expect(answerAtDialog({ terminal, cwd: '/work', signal: AbortSignal.abort() }, BASH, ALLOW)).rejects.toThrow(
      'aborted',
    );
    expect([terminal.did, terminal.looks]).toEqual([[], 0]);
  });
});

describe('no further key is pressed', () => {
  let time: StillTime;
  beforeEach(() => void (time = createStillTime()));
  afterEach(() => time[Symbol.dispose]());

  const atNo = viewOf(bashDialog('touch two.txt', 2));
  const inField = (label: string) => viewOf(bashDialog('touch two.txt', 2, ['Yes', 'Yes, and always', label]));

  test.each<[string, Lines, Readonly<Record<string, Shown>>]>([
    ['when the dialog goes away', ['Down'], { Down: working() }],
    ['when another one takes its place', ['Down'], { Down: viewOf(bashDialog('touch three.txt', 1)) }],
    ['when the mark is not where it was moved to', ['Down'], { Down: viewOf(bashDialog('touch two.txt', 2)) }],
    ['when the mark does not move', ['Down'], { Down: viewOf(bashDialog('touch two.txt', 0)) }],
    ['when the field does not open', ['Tab'], { Tab: atNo }],
    [
      'when the words do not appear',
      ['Tab', MESSAGE],
      {
        Tab: inField('No, and tell Claude what to do differently'),
        [MESSAGE]: inField('No, and tell Claude what to do differently'),
      },
    ],
    [
      'when the dialog goes away under the words',
      ['Tab', MESSAGE],
      {
        Tab: inField('No, and tell Claude what to do differently'),
        [MESSAGE]: idle('use another way'),
      },
    ],
  ])('%s', async (_name, did, follows) => {
    const first = did[0] === 'Down' ? viewOf(bashDialog('touch two.txt')) : atNo;
    const terminal = createScriptedScreen([first], (act, screen) => {
      const next = follows[act] ?? null;
      screen.shows(time.later(1_000, typeof next === 'function' ? next() : next));
    });
    await expect(answer(terminal, BASH, DENY)).rejects.toThrow(DialogGoneError);
    expect(terminal.did).toEqual(did);
  });

  test('when a box is not ticked', async () => {
    const untouched = viewOf(severalDialog(SIZES, ['S', 'M', 'L'], { marked: 0, ticked: new Set() }));
    const terminal = createScriptedScreen([untouched], (_act, screen) => screen.shows(time.later(1_000, untouched)));
    const wrong = answer(terminal, asking(sizes), { ...ALLOW, answers: { [SIZES]: ['S'] } });
    await expect(wrong).rejects.toThrow(DialogGoneError);
    expect(terminal.did).toEqual(['Enter']);
  });
});
