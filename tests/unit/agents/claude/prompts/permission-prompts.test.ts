import { describe, expect, test } from '@jest/globals';
import { toHookAnswer } from '../../../../../src/agents/claude/dialogs/asks.ts';
import { hookDecisionLine } from '../../../../helpers/scripted-agent/transcript.ts';
import { createStillTime, dialog, working } from '../../../../helpers/scripted-screen.ts';
import { until } from '../../../../helpers/until.ts';
import {
  ALLOW,
  ASK,
  at,
  byDecision,
  byAgent,
  byTerminal,
  COMMAND,
  DENY,
  openAsked,
  openPromptsRig,
  OTHER,
  rejected,
  returned,
  threeTxt,
  twoTxt,
  used,
  type PromptsRig,
} from './prompts-rig.ts';

describe('an agent hook that asks', () => {
  test('is asked on with the use of the tool, and what would be remembered', async () => {
    using rig = openPromptsRig();
    const rules = [{ type: 'setMode', mode: 'acceptEdits' }];
    const changed = rig.prompts.changed();
    expect([rig.prompts.isOpen, rig.prompts.isPressing]).toEqual([false, false]);
    rig.begin('u1', COMMAND, { agent_id: 'sub-1' });
    void rig.request(COMMAND, { agent_id: 'sub-1', permission_suggestions: rules });
    await changed;
    expect(at(rig).ask).toEqual({ ...ASK, subagent: 'sub-1', rules });
    expect([rig.prompts.isOpen, rig.prompts.isPressing]).toEqual([true, true]);
  });

  test.each([ALLOW, DENY])(
    'is answered with the decision, which counts once the transcript says so: $allow',
    async (decision) => {
      using rig = openPromptsRig();
      const { asked, answer } = await openAsked(rig);
      asked.decide(decision);
      expect(await answer).toEqual(toHookAnswer(asked.ask, decision));
      expect(asked.settlement).toBeNull();
      const changed = rig.prompts.changed();
      rig.note([hookDecisionLine('u1', decision.allow ? 'allow' : 'deny')]);
      expect(await asked.settled).toEqual(byDecision(decision.allow));
      await changed;
      expect([rig.prompts.isOpen, rig.terminal.did]).toEqual([false, []]);
    },
  );

  test.each([
    ['a decision that the agent took', { ...ALLOW, remember: true }, 'allow', ['setMode']],
    ['a decision for this once', ALLOW, 'allow', []],
    ['a decision that a person was faster than', { ...ALLOW, remember: true }, 'deny', []],
  ] as const)('is remembered by %s, or not', async (_name, decision, took, types) => {
    using rig = openPromptsRig();
    rig.begin('u1');
    const { answer } = rig.request(COMMAND, { permission_suggestions: [{ type: 'setMode', mode: 'acceptEdits' }] });
    await until(() => rig.asked.length > 0);
    at(rig).decide(decision);
    await answer;
    rig.note([took === 'allow' ? hookDecisionLine('u1', 'allow') : rejected('u1')]);
    await at(rig).settled;
    expect(rig.remembered.map(({ type }) => type)).toEqual(types);
  });

  test.each(['PostToolUse', 'PostToolUseFailure'])('was allowed when %s tells that the tool ran', async (event) => {
    using rig = openPromptsRig();
    const { asked, answer } = await openAsked(rig);
    asked.decide(ALLOW);
    await answer;
    rig.tell(event, { tool_name: 'Bash', tool_use_id: 'u1', tool_input: COMMAND });
    expect(await asked.settled).toEqual(byDecision(true));
  });

  test('was allowed at the terminal when the tool ran without a decision', async () => {
    using rig = openPromptsRig();
    const { asked, answer } = await openAsked(rig);
    rig.tell('PostToolUse', { tool_name: 'Bash', tool_use_id: 'u2', tool_input: COMMAND });
    expect(rig.prompts.isOpen).toBe(true);
    rig.tell('PostToolUse', { tool_name: 'Bash', tool_use_id: 'u1', tool_input: COMMAND });
    expect(await asked.settled).toEqual(byTerminal(true));
    expect(await answer).toEqual({});
  });

  test.each<readonly [string, () => number | null]>([
    ['no person ever pressed a key', () => null],
    ['the last key came before it was asked', () => Date.now() - 2_000],
  ])('T21: was allowed by nobody who is a person when the tool ran and %s', async (_when, keyAt) => {
    using rig = openPromptsRig();
    rig.terminal.keyAt = keyAt;
    const { asked } = await openAsked(rig);
    rig.tell('PostToolUse', { tool_name: 'Bash', tool_use_id: 'u1', tool_input: COMMAND });
    expect(await asked.settled).toEqual(byAgent(true));
  });

  test('T21: is told before its turn is over, however long it takes to find out by whom', async () => {
    using rig = openPromptsRig();
    const found = Promise.withResolvers<void>();
    rig.terminal.lastKeyAt = () => found.promise.then(() => null);
    const { asked } = await openAsked(rig);
    rig.tell('PostToolUse', { tool_name: 'Bash', tool_use_id: 'u1', tool_input: COMMAND });
    let isClosed = false;
    const closing = rig.prompts.close('ended').then(() => (isClosed = true));
    await new Promise((resolve) => setImmediate(resolve));
    expect([isClosed, asked.settlement]).toEqual([false, null]);
    found.resolve();
    await closing;
    expect(asked.settlement).toEqual(byAgent(true));
  });

  test('without a begun use of its tool is asked on under a name of its own', async () => {
    using rig = openPromptsRig();
    rig.begin('u1', OTHER);
    rig.begin('u2', COMMAND, { agent_id: 'sub-1' });
    rig.begin('u3', COMMAND, { tool_name: 'Read' });
    void rig.request();
    await until(() => rig.asked.length === 1);
    expect(at(rig).ask.toolUseId).toMatch(/^unnamed-/);
  });

  test('twice for the same words is two, each of its own use of the tool', async () => {
    using rig = openPromptsRig();
    rig.begin('u1');
    rig.begin('u2');
    void rig.request();
    void rig.request();
    await until(() => rig.asked.length === 2);
    expect(rig.asked.map(({ ask }) => ask.toolUseId).toSorted()).toEqual(['u1', 'u2']);
  });

  test('that nobody could be told of is logged', async () => {
    using rig = openPromptsRig(undefined, new Error('no owner'));
    rig.begin('u1');
    void rig.request();
    await until(() => rig.logged.includes('approval.not_asked'));
  });
});

describe('a person at the dialog', () => {
  test.each([
    ['allows', returned('u1'), true],
    ['denies', rejected('u1'), false],
  ])('%s before any decision, and the agent hook is let go', async (_name, line, allowed) => {
    using rig = openPromptsRig();
    const { asked, answer } = await openAsked(rig);
    await rig.look(twoTxt);
    rig.note([line]);
    await rig.look(working());
    expect(await asked.settled).toEqual(byTerminal(allowed));
    expect(await answer).toEqual({});
  });

  test.each([
    ['allows what was denied', DENY, returned('u1'), true],
    ['denies what was allowed', ALLOW, rejected('u1'), false],
    ['allows what was allowed', ALLOW, returned('u1'), true],
  ])('%s a moment before', async (_name, decision, line, allowed) => {
    using rig = openPromptsRig();
    const { asked, answer } = await openAsked(rig);
    asked.decide(decision);
    await answer;
    rig.note([line]);
    expect(await asked.settled).toEqual(byTerminal(allowed));
  });

  test('allows: its dialog was seen and is gone for longer than a No needs to be noted, while the tool still runs', async () => {
    using time = createStillTime();
    using rig = openPromptsRig();
    const { asked } = await openAsked(rig);
    await rig.look(twoTxt, working());
    time.pass(2_999);
    await rig.look(working());
    expect(rig.prompts.isOpen).toBe(true);
    time.pass(1);
    await rig.look(working());
    expect(await asked.settled).toEqual(byTerminal(true));
  });

  test('denies, and the transcript has it late', async () => {
    using time = createStillTime();
    using rig = openPromptsRig();
    const { asked } = await openAsked(rig);
    await rig.look(twoTxt, working());
    time.pass(2_900);
    await rig.look(working(), working());
    rig.note([rejected('u1')]);
    await rig.look(working());
    expect(await asked.settled).toEqual(byTerminal(false));
  });

  test.each([
    ['is drawn anew between two looks', [twoTxt, working(), twoTxt, working()]],
    ['is hidden behind another view', [twoTxt, dialog(), dialog(), dialog()]],
    ['was never seen, for it is still being drawn', [working(), working(), working()]],
  ])('has not answered yet when the dialog %s', async (_name, views) => {
    using rig = openPromptsRig();
    await openAsked(rig);
    await rig.look(...views);
    expect(rig.prompts.isOpen).toBe(true);
  });

  test('is not heard again: a decision that comes late is given to nobody', async () => {
    using rig = openPromptsRig();
    const { asked } = await openAsked(rig);
    rig.note([returned('u1')]);
    await rig.look(working());
    asked.decide(DENY);
    await rig.look(twoTxt, twoTxt, twoTxt);
    expect([await asked.settled, rig.terminal.did]).toEqual([byTerminal(true), []]);
  });
});

describe('two prompts at once', () => {
  async function openTwo(rig: PromptsRig) {
    const first = await openAsked(rig);
    rig.note([used('u2', OTHER)]);
    rig.begin('u2', OTHER);
    const second = rig.request(OTHER);
    await until(() => rig.asked.length === 2);
    return { first, second: { ...second, asked: at(rig, 1) } };
  }

  test('are each decided on their own', async () => {
    using rig = openPromptsRig();
    const { first, second } = await openTwo(rig);
    second.asked.decide(DENY);
    expect(await second.answer).toEqual(toHookAnswer(second.asked.ask, DENY));
    rig.note([hookDecisionLine('u2', 'deny')]);
    expect(await second.asked.settled).toEqual(byDecision(false));
    expect(first.asked.settlement).toBeNull();
    first.asked.decide(ALLOW);
    expect(await first.answer).toEqual(toHookAnswer(first.asked.ask, ALLOW));
  });

  test('stand one above the other: the older one is not gone while the newer one is seen', async () => {
    using rig = openPromptsRig();
    await openTwo(rig);
    await rig.look(twoTxt, threeTxt, threeTxt, threeTxt);
    expect([at(rig, 0).settlement, at(rig, 1).settlement]).toEqual([null, null]);
  });

  test('stand one above the other: the newer one is gone when the older one is seen again', async () => {
    using time = createStillTime();
    using rig = openPromptsRig();
    await openTwo(rig);
    await rig.look(threeTxt, twoTxt);
    time.pass(3_000);
    await rig.look(twoTxt);
    expect(await at(rig, 1).settled).toEqual(byTerminal(true));
    expect(at(rig, 0).settlement).toBeNull();
  });
});

describe('the end of the turn', () => {
  test('settles what the transcript still tells', async () => {
    using rig = openPromptsRig();
    const { asked, answer } = await openAsked(rig);
    const closing = rig.prompts.close('ended');
    rig.note([rejected('u1')]);
    await closing;
    expect(await asked.settled).toEqual(byTerminal(false));
    expect(await answer).toEqual({});
  });

  test('leaves open what nothing tells of, and lets the agent hook go', async () => {
    using rig = openPromptsRig();
    const { asked, answer } = await openAsked(rig);
    await rig.prompts.close('ended');
    expect(await answer).toEqual({});
    expect(asked.settlement).toBeNull();
  });

  test.each([
    ['a No that nobody said is none', rejected('u1'), null],
    ['a Yes of a person counts', returned('u1'), byTerminal(true)],
    ['a No of the API counts', hookDecisionLine('u1', 'deny'), byDecision(false)],
  ])('by Escape: %s', async (_name, line, settlement) => {
    using rig = openPromptsRig();
    const { asked } = await openAsked(rig);
    rig.note([line]);
    await rig.prompts.close('cancelled');
    expect(asked.settlement).toEqual(settlement);
  });
});
