import { describe, expect, test } from '@jest/globals';
import type { AgentRule, ApprovalRecord, Decision } from '../../../../../src/core/model/approval.ts';
import type { GivenDecision } from '../../../../../src/core/ports/gateway/approvals.ts';
import { until } from '../../../../helpers/until.ts';
import {
  ALLOW,
  DENY,
  GIVEN_DENY,
  LS,
  type AskingHouse,
  openAsking,
  ask,
  pastWrites,
  read,
  hasState,
  remember,
} from './approvals-house.ts';
import { openHouse } from '../house.ts';

describe('a permission prompt', () => {
  test('is an approval of its request, in the phase waiting_approval', async () => {
    await using house = await openAsking();
    const { id } = await ask(house, 'use-1', { subagent: 'sub-1', rules: [LS] });
    const { request, approvals } = await house.api.requests.read(house.id);
    expect(request).toMatchObject({ state: 'running', phase: 'waiting_approval' });
    expect(approvals).toEqual([
      {
        id,
        requestId: house.id,
        workspace: 'a',
        kind: 'tool',
        toolUseId: 'use-1',
        subagent: 'sub-1',
        tool: 'Bash',
        input: { command: 'ls' },
        rules: [LS],
        state: 'open',
        decision: null,
        decidedBy: null,
        decidedAt: null,
        createdAt: house.clock.now(),
        expiresAt: house.clock.now() + 600_000,
      },
    ]);
  });

  test.each<[string, GivenDecision, Decision, ApprovalRecord['state']]>([
    ['allowed', { allow: true }, ALLOW, 'allowed'],
    ['denied with a message', GIVEN_DENY, DENY, 'denied'],
  ])(
    'that is %s over the API reaches the agent, and is so once the agent took it',
    async (_name, given, decision, state) => {
      await using house = await openAsking();
      const { dialog, id } = await ask(house);
      house.clock.advance(5);
      const deciding = house.api.approvals.decide(id, given);
      expect(await dialog.decided).toEqual(decision);
      expect(await read(house, id)).toMatchObject({ state: 'open', decision });
      dialog.settle({ allowed: decision.allow, by: 'decision' });
      const decidedAt = house.clock.now();
      expect(await deciding).toMatchObject({ state, decision, decidedBy: 'api', decidedAt });
      expect((await house.store.readRequest(house.id))?.phase).toBe('working');
    },
  );

  test('leaves its events between those of its turn', async () => {
    await using house = await openAsking();
    const { dialog } = await ask(house);
    dialog.settle({ allowed: true, by: 'terminal' });
    await house.reached(house.id, 'working');
    house.agent.finish();
    await house.ended(house.id);
    const events = await house.store.listEvents(0, 100);
    expect(events.flatMap(({ type, requestId }) => (requestId === house.id ? type : [])).slice(2)).toEqual([
      'request.submitting',
      'request.working',
      'approval.opened',
      'approval.allowed',
      'request.completed',
    ]);
  });

  test('is one of several, each decided on its own', async () => {
    await using house = await openAsking();
    const [one, two] = [await ask(house, 'use-1'), await ask(house, 'use-2')];
    const deciding = house.api.approvals.decide(two.id, { allow: true });
    expect(await two.dialog.decided).toEqual(ALLOW);
    two.dialog.settle({ allowed: true, by: 'decision' });
    await deciding;
    expect(one.dialog.given).toBeNull();
    expect((await house.api.requests.read(house.id)).request.phase).toBe('waiting_approval');
    one.dialog.settle({ allowed: false, by: 'terminal' });
    await house.reached(house.id, 'working');
    const { approvals } = await house.api.requests.read(house.id);
    expect(approvals.map(({ toolUseId, state }) => [toolUseId, state])).toEqual([
      ['use-1', 'denied'],
      ['use-2', 'allowed'],
    ]);
  });

  test('that nobody knows is not found', async () => {
    await using house = await openHouse();
    await expect(house.api.approvals.decide('apr-none', { allow: true })).rejects.toMatchObject({ code: 'not_found' });
    await expect(house.api.approvals.read('apr-none')).rejects.toMatchObject({ code: 'not_found' });
  });

  test('stays open when a decision does not fit it', async () => {
    await using house = await openAsking();
    const { dialog, id } = await ask(house);
    const wrong = house.api.approvals.decide(id, { allow: true, remember: true });
    await expect(wrong).rejects.toMatchObject({ code: 'invalid_field', field: 'remember' });
    expect(await read(house, id)).toMatchObject({ state: 'open', decision: null });
    expect(dialog.given).toBeNull();
  });
});

describe('whoever is first', () => {
  test('is the person at the terminal: the API is told so', async () => {
    await using house = await openAsking();
    const { dialog, id } = await ask(house);
    dialog.settle({ allowed: true, by: 'terminal' });
    expect(await hasState(house, id, 'allowed')).toMatchObject({ decidedBy: 'terminal', decision: null });
    await expect(house.api.approvals.decide(id, GIVEN_DENY)).rejects.toMatchObject({
      code: 'approval_decided',
      message: 'This approval has been decided: allowed, at the terminal',
    });
    expect(dialog.given).toBeNull();
  });

  test.each(['agent', 'decision'] as const)(
    'T21: is the agent’s side, when it went on (%s) and nobody had decided here: the API is told so',
    async (by) => {
      await using house = await openAsking();
      const { dialog, id } = await ask(house);
      dialog.settle({ allowed: true, by });
      expect(await hasState(house, id, 'allowed')).toMatchObject({ decidedBy: 'agent', decision: null });
      await expect(house.api.approvals.decide(id, GIVEN_DENY)).rejects.toMatchObject({
        code: 'approval_decided',
        message: 'This approval has been decided: allowed, on the agent’s side, by no person at its terminal',
      });
    },
  );

  test('T21: is the agent’s side, when a hook of its own decided against what was decided here', async () => {
    await using house = await openAsking();
    const { dialog, id } = await ask(house);
    const deciding = house.api.approvals.decide(id, GIVEN_DENY);
    await dialog.decided;
    dialog.settle({ allowed: true, by: 'decision' });
    await expect(deciding).rejects.toMatchObject({ code: 'approval_decided' });
    expect(await read(house, id)).toMatchObject({ state: 'allowed', decidedBy: 'agent', decision: null });
  });

  test('is one of 24 callers of the API, and the agent is given that decision', async () => {
    await using house = await openAsking();
    const { dialog, id } = await ask(house);
    void dialog.decided.then(({ allow }) => dialog.settle({ allowed: allow, by: 'decision' }));
    const all = Array.from({ length: 24 }, (_, index) =>
      house.api.approvals.decide(id, { allow: false, message: `by ${index}` }),
    );
    const outcomes = await Promise.allSettled(all);
    const won = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? outcome.value.decision : []));
    const lost = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? outcome.reason.code : []));
    expect(won).toEqual([dialog.given]);
    expect(lost).toEqual(Array.from({ length: 23 }, () => 'approval_decided'));
  });

  test('is told to the second, while the agent has not taken it yet', async () => {
    await using house = await openAsking();
    const { dialog, id } = await ask(house);
    const first = house.api.approvals.decide(id, { allow: true });
    await dialog.decided;
    await expect(house.api.approvals.decide(id, GIVEN_DENY)).rejects.toMatchObject({
      code: 'approval_decided',
      message: 'This approval has been decided: allowed, over the API',
    });
    // Whatever it says.
    const unfit = house.api.approvals.decide(id, { allow: true, remember: true });
    await expect(unfit).rejects.toMatchObject({ code: 'approval_decided' });
    dialog.settle({ allowed: true, by: 'decision' });
    expect(await first).toMatchObject({ state: 'allowed' });
  });

  test.each(['the API', 'the terminal'])(
    'is what the agent says, when both decide in one tick and %s began',
    async (who) => {
      await using house = await openAsking();
      const { dialog, id } = await ask(house);
      if (who === 'the terminal') dialog.settle({ allowed: true, by: 'terminal' });
      const deciding = house.api.approvals.decide(id, GIVEN_DENY);
      dialog.settle({ allowed: true, by: 'terminal' });
      await expect(deciding).rejects.toMatchObject({ code: 'approval_decided' });
      expect(await read(house, id)).toMatchObject({ state: 'allowed', decidedBy: 'terminal', decision: null });
    },
  );
});

describe('a decision', () => {
  test('waits ten seconds for the agent, and is then answered as it stands', async () => {
    await using house = await openAsking();
    const { dialog, id } = await ask(house);
    const timers = house.clock.pending();
    let isAnswered = false;
    const deciding = house.api.approvals.decide(id, { allow: true }).finally(() => (isAnswered = true));
    await until(() => house.clock.pending() > timers);
    house.clock.advance(9_999);
    await pastWrites(house);
    expect(isAnswered).toBe(false);
    house.clock.advance(1);
    expect(await deciding).toMatchObject({ state: 'open', decision: ALLOW, decidedBy: 'api' });
    dialog.settle({ allowed: true, by: 'decision' });
    expect(await hasState(house, id, 'allowed')).toMatchObject({ decidedBy: 'api' });
  });

  test('that the agent never took has expired, when its turn ends', async () => {
    await using house = await openAsking();
    const { dialog, id } = await ask(house);
    const deciding = house.api.approvals.decide(id, { allow: true });
    await dialog.decided;
    house.agent.finish();
    await expect(deciding).rejects.toMatchObject({ code: 'approval_decided' });
    expect(await hasState(house, id, 'expired')).toMatchObject({ decidedBy: 'turn_end', decision: null });
  });
});

describe('a turn that ends', () => {
  test.each<[string, (house: AskingHouse) => unknown, string]>([
    ['by itself', ({ agent }) => agent.finish(), 'completed'],
    ['by a cancel', ({ api, id }) => api.requests.cancel(id), 'cancelled'],
    ['by the deletion of its session', ({ api }) => api.sessions.delete('a', true), 'failed'],
  ])('%s closes what is open', async (_name, end, state) => {
    await using house = await openAsking();
    const { id } = await ask(house);
    await end(house);
    expect(await house.ended(house.id)).toMatchObject({ state });
    expect(await read(house, id)).toMatchObject({ state: 'expired', decidedBy: 'turn_end' });
    await expect(house.api.approvals.decide(id, { allow: true })).rejects.toMatchObject({
      code: 'approval_decided',
      message: 'This approval has been decided: expired, for its turn ended',
    });
  });

  test('leaves no timer of its approvals', async () => {
    await using house = await openAsking();
    await ask(house);
    house.agent.finish();
    await house.ended(house.id);
    // Only the look at what waits too long.
    await until(() => house.clock.pending() === 1);
  });
});

describe('rules that were remembered', () => {
  test('decide what they cover', async () => {
    await using house = await openAsking();
    await remember(house);
    const { dialog, id } = await ask(house, 'use-2', { rules: [LS] });
    expect(await dialog.decided).toMatchObject({ allow: true });
    dialog.settle({ allowed: true, by: 'decision' });
    expect(await hasState(house, id, 'allowed')).toMatchObject({ decidedBy: 'rule' });
  });

  test('are named when the agent went by them itself', async () => {
    await using house = await openAsking();
    const { dialog, id } = await ask(house, 'use-2', { rules: [LS] });
    await remember(house);
    dialog.settle({ allowed: true, by: 'terminal' });
    expect(await hasState(house, id, 'allowed')).toMatchObject({ decidedBy: 'rule' });
  });

  test('T21: are named when the agent went by them with no person there', async () => {
    await using house = await openAsking();
    const { dialog, id } = await ask(house, 'use-2', { rules: [LS] });
    await remember(house);
    dialog.settle({ allowed: true, by: 'agent' });
    expect(await hasState(house, id, 'allowed')).toMatchObject({ decidedBy: 'rule' });
  });

  test('are not named for a No at the terminal', async () => {
    await using house = await openAsking();
    const { dialog, id } = await ask(house, 'use-2', { rules: [LS] });
    await remember(house);
    dialog.settle({ allowed: false, by: 'terminal' });
    expect(await hasState(house, id, 'denied')).toMatchObject({ decidedBy: 'terminal' });
  });

  test.each<[string, readonly AgentRule[]]>([
    ['offers none', []],
    ['offers another one', [{ ...LS, behavior: 'deny' }]],
    ['offers one more', [LS, { type: 'setMode', mode: 'acceptEdits' }]],
  ])('do not decide a prompt that %s', async (_name, rules) => {
    await using house = await openAsking();
    await remember(house);
    const { dialog, id } = await ask(house, 'use-2', { rules });
    dialog.settle({ allowed: true, by: 'terminal' });
    expect(await hasState(house, id, 'allowed')).toMatchObject({ decidedBy: 'terminal' });
    expect(dialog.given).toBeNull();
  });

  test('are handed to the agent when it is started again', async () => {
    await using house = await openAsking();
    await remember(house);
    house.agent.finish();
    await house.ended(house.id);
    house.driver.sessions[0]?.exit();
    await until(async () => (await house.api.sessions.read('a')).status === 'asleep');
    await house.ended(await house.ask('a', 'next'));
    expect(house.driver.opened.map(({ rules }) => rules)).toEqual([[], [LS]]);
  });
});
