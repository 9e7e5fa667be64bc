import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Decision } from '../../../../../src/core/model/approval.ts';
import { questionDialog, viewOf } from '../../../../helpers/claude-dialogs.ts';
import { createStillTime, idle, working, type StillTime } from '../../../../helpers/scripted-screen.ts';
import { until } from '../../../../helpers/until.ts';
import {
  ALLOW,
  ALLOWED,
  ASK,
  EARLIER,
  at,
  byDecision,
  byTerminal,
  COMMAND,
  DENY,
  openAsked,
  openPromptsRig,
  OTHER,
  rejected,
  returned,
  takesKeys,
  threeTxt,
  twoTxt,
  used,
  type Asked,
  type PromptsRig,
} from './prompts-rig.ts';

describe('one that an earlier process was told of', () => {
  test('is asked again, and its decision is given at its dialog, once that is seen', async () => {
    using rig = openPromptsRig(takesKeys('touch two.txt'));
    rig.note([used('u1')]);
    rig.prompts.restore([EARLIER]);
    expect(at(rig).ask).toEqual(ASK);
    await rig.decide(at(rig), ALLOW);
    await rig.look(threeTxt, idle(), working());
    expect(rig.terminal.did).toEqual([]);
    await rig.look(twoTxt);
    expect(rig.terminal.did).toEqual(ALLOWED);
    rig.note([returned('u1')]);
    expect(await at(rig).settled).toEqual(byDecision(true));
  });

  test('is not touched before it is decided', async () => {
    using rig = openPromptsRig();
    rig.prompts.restore([EARLIER]);
    await rig.look(twoTxt, twoTxt, twoTxt);
    expect(rig.terminal.did).toEqual([]);
  });

  test('stands below a newer one of the same words: a decision for it waits until it is on top', async () => {
    using rig = openPromptsRig(takesKeys('touch two.txt'));
    rig.note([used('u1'), used('u2')]);
    rig.prompts.restore([EARLIER, { ...EARLIER, toolUseId: 'u2' }]);
    await rig.decide(at(rig, 0), ALLOW);
    await rig.look(twoTxt, twoTxt);
    expect(rig.terminal.did).toEqual([]);
    rig.note([returned('u2')]);
    await rig.look(working(), twoTxt);
    expect([at(rig, 1).settlement, rig.terminal.did]).toEqual([byTerminal(true), ALLOWED]);
  });

  test('may have been answered since', async () => {
    using rig = openPromptsRig();
    rig.note([used('u1'), rejected('u1')]);
    rig.prompts.restore([EARLIER]);
    await rig.look(working());
    expect(await at(rig).settled).toEqual(byTerminal(false));
  });

  test('of a subagent is answered in the transcript of that one', async () => {
    using rig = openPromptsRig();
    rig.note([returned('u1')]);
    rig.prompts.restore([{ ...EARLIER, subagent: 'sub-1' }]);
    await rig.look(twoTxt);
    expect(at(rig).settlement).toBeNull();
    rig.note([used('u1'), returned('u1')], 'sub-1');
    await rig.look(working());
    expect(await at(rig).settled).toEqual(byTerminal(true));
  });

  test('whose agent hook hung up is decided by keys', async () => {
    using rig = openPromptsRig(takesKeys('touch two.txt'));
    const { asked, hangUp } = await openAsked(rig);
    hangUp();
    await rig.decide(asked, ALLOW);
    await rig.look(twoTxt);
    expect(rig.terminal.did).toEqual(ALLOWED);
  });
});

describe('a dialog of which nobody told', () => {
  test('is asked on after a second look, as the use of a tool that has no end', async () => {
    using rig = openPromptsRig();
    rig.note([used('u0', COMMAND), returned('u0'), used('u1', COMMAND), used('u2', OTHER)]);
    await rig.look(twoTxt);
    expect([rig.asked, rig.prompts.isOpen, rig.prompts.isPressing]).toEqual([[], false, true]);
    await rig.look(twoTxt);
    expect(rig.asked.map(({ ask }) => ask)).toEqual([ASK]);
  });

  test('may be that of a subagent', async () => {
    using rig = openPromptsRig();
    rig.note([used('u1', { prompt: 'look around' }, 'Task')]);
    rig.note([used('u2')], 'sub-1');
    await rig.look(twoTxt, twoTxt);
    expect(rig.asked.map(({ ask }) => [ask.toolUseId, ask.subagent])).toEqual([['u2', 'sub-1']]);
  });

  test('is not asked on again when it was settled a moment ago', async () => {
    using rig = openPromptsRig();
    await openAsked(rig);
    void rig.tell('PostToolUse', { tool_name: 'Bash', tool_use_id: 'u1', tool_input: COMMAND });
    await rig.look(twoTxt, twoTxt, twoTxt);
    expect([rig.asked.length, rig.prompts.isOpen]).toEqual([1, false]);
  });

  test('is not asked on when it is in no transcript', async () => {
    using rig = openPromptsRig();
    rig.begin('u1');
    await rig.look(twoTxt, twoTxt, twoTxt);
    expect([rig.asked, rig.prompts.isOpen]).toEqual([[], false]);
  });

  test('is no longer pressing once it is gone', async () => {
    using rig = openPromptsRig();
    await rig.look(twoTxt, working());
    expect(rig.prompts.isPressing).toBe(false);
  });
});

const STEP_MS = 100;

describe('when the transcript lags behind', () => {
  let time: StillTime;
  beforeEach(() => void (time = createStillTime()));
  afterEach(() => time[Symbol.dispose]());

  /** The decision was handed to the agent hook. */
  async function openHanded(rig: PromptsRig, decision: Decision): Promise<Asked> {
    const { asked, answer } = await openAsked(rig);
    asked.decide(decision);
    await answer;
    return asked;
  }

  /** Until the screen was looked at so often again. */
  async function looksMore(rig: PromptsRig, count = 2): Promise<void> {
    const before = rig.terminal.looks;
    await until(() => rig.terminal.looks >= before + count);
  }

  /** How long it took to settle. */
  async function settles(asked: Asked): Promise<number> {
    let passed = 0;
    await until(() => {
      if (asked.settlement !== null) return true;
      time.pass(STEP_MS);
      passed += STEP_MS;
      return false;
    });
    return passed;
  }

  test('a permission has been taken when the agent works on', async () => {
    using rig = openPromptsRig();
    const asked = await openHanded(rig, ALLOW);
    expect(await settles(asked)).toBeGreaterThanOrEqual(400);
    expect(asked.settlement).toEqual(byDecision(true));
  });

  test('a permission has been taken when another dialog stands', async () => {
    using rig = openPromptsRig(takesKeys('touch three.txt'));
    rig.terminal.shows(threeTxt);
    const asked = await openHanded(rig, ALLOW);
    expect(await settles(asked)).toBeGreaterThanOrEqual(400);
    expect(asked.settlement).toEqual(byDecision(true));
  });

  test('a permission has not been taken while its dialog stands', async () => {
    using rig = openPromptsRig(takesKeys('touch two.txt'));
    rig.terminal.shows(twoTxt);
    const asked = await openHanded(rig, ALLOW);
    time.pass(1_999);
    await looksMore(rig);
    expect([asked.settlement, rig.terminal.did]).toEqual([null, ['Down']]);
  });

  test('a decision that was lost on its way is given by keys', async () => {
    using rig = openPromptsRig(takesKeys('touch two.txt'));
    rig.terminal.shows(twoTxt);
    const asked = await openHanded(rig, ALLOW);
    await until(async () => {
      time.pass(STEP_MS);
      await rig.prompts.look(twoTxt);
      return rig.terminal.did.includes('Enter');
    });
    // The mark stands where the first proof left it.
    expect(rig.terminal.did).toEqual(['Down', 'Down', 'Up', 'Up', 'Enter']);
    expect(await asked.settled).toEqual(byDecision(true));
  });

  test('a denial has lost against a person, when the agent works on and no denial follows', async () => {
    using rig = openPromptsRig();
    const asked = await openHanded(rig, DENY);
    expect(await settles(asked)).toBeGreaterThanOrEqual(3_000);
    expect(asked.settlement).toEqual(byTerminal(true));
  });

  test('one that never appeared was allowed by a person in that moment, or by a rule', async () => {
    using rig = openPromptsRig();
    const { asked } = await openAsked(rig);
    time.pass(5_001);
    await rig.look(working());
    time.pass(2_999);
    await rig.look(working());
    expect(asked.settlement).toBeNull();
    time.pass(1);
    await rig.look(working());
    expect(await asked.settled).toEqual(byTerminal(true));
  });

  test('keys that found another dialog are tried again', async () => {
    let takes = takesKeys('touch three.txt', (view) => time.later(1_000, view));
    using rig = openPromptsRig((act, screen) => takes(act, screen));
    rig.prompts.restore([EARLIER]);
    await rig.decide(at(rig), ALLOW);
    rig.terminal.shows(threeTxt);
    await rig.prompts.look(twoTxt);
    // The proof that it is another one, and nothing behind it.
    expect([rig.terminal.did, rig.logged]).toEqual([['Down'], ['approval.not_given']]);
    takes = takesKeys('touch two.txt');
    await rig.look(twoTxt);
    expect(rig.terminal.did).toEqual(['Down', ...ALLOWED]);
  });
});

test('a question that is denied by keys is answered with those words, and is denied all the same', async () => {
  const input = { questions: [{ question: 'Which colour?', options: [{ label: 'Red' }] }] };
  let own = 'Type something.';
  let marked = 0;
  using rig = openPromptsRig((act, screen) => {
    if (act === 'Down') marked += 1;
    if (act === 'Up') marked -= 1;
    if (act.startsWith('paste ')) own = act.slice('paste '.length);
    screen.shows(act === 'Enter' ? working() : viewOf(questionDialog('Which colour?', ['Red'], marked, own)));
  });
  rig.prompts.restore([{ ...EARLIER, kind: 'question', tool: 'AskUserQuestion', input }]);
  await rig.decide(at(rig), DENY);
  await rig.look(viewOf(questionDialog('Which colour?', ['Red'])));
  expect(rig.terminal.did).toEqual(['Down', 'paste not this one', 'Enter']);
  rig.note([returned('u1')]);
  expect(await at(rig).settled).toEqual(byDecision(false));
});

test('another process may go on with what is open: nothing more is pressed or told', async () => {
  using rig = openPromptsRig();
  rig.prompts.restore([EARLIER]);
  await rig.decide(at(rig), ALLOW);
  rig.prompts.letGo();
  await rig.look(twoTxt, twoTxt);
  expect([rig.terminal.did, rig.logged, at(rig).settlement]).toEqual([[], [], null]);
});
