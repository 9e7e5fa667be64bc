import { describe, expect, test } from '@jest/globals';
import type { RequestRecord } from '../../../../src/core/model/request.ts';
import type { TurnPast, TurnTrace } from '../../../../src/core/ports/agent.ts';
import { aSession } from '../../../contract/store-fixtures.ts';
import { untilInterrupted, type FakeSession } from '../../../helpers/fake-driver.ts';
import { until } from '../../../helpers/until.ts';
import { openHouse, type House, type HouseOptions } from './house.ts';

type Left = 'preparing' | 'pasted' | 'submitting' | 'working';

interface Recovered extends House {
  readonly id: string;
  /** What the driver was asked. */
  readonly pasts: readonly TurnPast[];
}

/** A house in which an earlier process left one request running, not started yet. */
async function openLeft(
  left: Left,
  trace: (session: () => FakeSession) => TurnTrace | Promise<TurnTrace>,
  options: HouseOptions & { readonly cancelAsked?: boolean } = {},
): Promise<Recovered> {
  const pasts: TurnPast[] = [];
  const house = await openHouse({
    ...options,
    async trace(spec, past) {
      pasts.push(past);
      return trace(() => house.driver.leave(spec.workspace));
    },
  });
  const id = await house.ask('a', 'hello');
  const now = house.clock.now();
  const turn = await house.store.claim('a', now);
  if (turn === null) throw new Error('nothing was claimed');
  if (left !== 'preparing') await house.store.progress(turn, { phase: 'preparing', transcriptOffset: 70 }, now);
  if (left === 'submitting' || left === 'working') await house.store.progress(turn, { phase: 'submitting' }, now);
  if (left === 'working') await house.store.progress(turn, { phase: 'working' }, now);
  if (options.cancelAsked) await house.store.askCancel(id, now);
  return { ...house, id, pasts };
}

const read = async (house: Recovered): Promise<RequestRecord | null> => house.store.readRequest(house.id);
const prompts = (house: House): readonly string[] => house.driver.sessions.flatMap((session) => session.prompts);

const completed: TurnTrace = { kind: 'ended', end: { kind: 'completed', text: 'from the transcript', usage: null } };
const limited: TurnTrace = {
  kind: 'ended',
  end: { kind: 'failed', reason: 'usage_limited', error: 'Come back at 5.', text: 'half' },
};
const cutOff: TurnTrace = { kind: 'cut_off', usage: null, text: 'a part' };
const noProof: TurnTrace = { kind: 'no_proof' };

describe('a request that an earlier process left running', () => {
  test.each<[Left, TurnPast]>([
    ['preparing', { prompt: 'hello', transcriptOffset: null, entered: false, reported: false }],
    ['pasted', { prompt: 'hello', transcriptOffset: 70, entered: false, reported: false }],
    ['submitting', { prompt: 'hello', transcriptOffset: 70, entered: true, reported: false }],
    ['working', { prompt: 'hello', transcriptOffset: 70, entered: true, reported: true }],
  ])('in %s is asked for with what is known of it', async (left, past) => {
    await using house = await openLeft(left, () => completed);
    await house.start();
    expect(house.pasts).toEqual([past]);
  });

  test.each<Left>(['preparing', 'pasted', 'submitting', 'working'])(
    'in %s is queued again and runs, when the live agent never got it',
    async (left) => {
      await using house = await openLeft(left, (session) => ({ kind: 'unsubmitted', session: session() }));
      await house.start();
      expect(await house.ended(house.id)).toMatchObject({ state: 'completed', text: 'answer to hello', retries: 1 });
      // In the very agent that was found.
      expect(house.driver.sessions.map((session) => session.prompts)).toEqual([['hello']]);
      expect(house.driver.opened).toEqual([]);
    },
  );

  test.each<Left>(['preparing', 'pasted'])(
    'in %s is queued again and runs anew, when its agent is gone',
    async (left) => {
      await using house = await openLeft(left, () => noProof);
      await house.start();
      expect(await house.ended(house.id)).toMatchObject({ state: 'completed', text: 'answer to hello', retries: 1 });
      expect(house.driver.opened).toHaveLength(1);
    },
  );

  test.each<[Left, TurnTrace, Partial<RequestRecord>]>([
    ['submitting', noProof, { state: 'failed', reason: 'submission_unknown', retryable: false, text: null }],
    ['working', noProof, { state: 'failed', reason: 'host_restarted', retryable: true, text: null }],
    ['preparing', cutOff, { state: 'failed', reason: 'host_restarted', text: 'a part' }],
    ['submitting', cutOff, { state: 'failed', reason: 'host_restarted', text: 'a part' }],
    ['working', cutOff, { state: 'failed', reason: 'host_restarted', text: 'a part' }],
    ['preparing', completed, { state: 'completed', reason: null, text: 'from the transcript' }],
    ['submitting', completed, { state: 'completed', reason: null, text: 'from the transcript' }],
    ['working', completed, { state: 'completed', reason: null, text: 'from the transcript' }],
    ['working', limited, { state: 'failed', reason: 'usage_limited', error: 'Come back at 5.', text: 'half' }],
  ])('in %s ends by its trace %j', async (left, trace, expected) => {
    await using house = await openLeft(left, () => trace);
    await house.start();
    expect(await read(house)).toMatchObject({ ...expected, phase: null });
    expect(prompts(house)).toEqual([]);
  });

  test.each<Left>(['submitting', 'working'])('in %s is rejoined in its live agent', async (left) => {
    await using house = await openLeft(left, (session) => ({ kind: 'alive', session: session() }));
    await house.start();
    expect(await house.ended(house.id)).toMatchObject({ state: 'completed', text: 'answer to hello', retries: 0 });
    expect(house.driver.sessions).toHaveLength(1);
    expect(house.driver.sessions[0]).toMatchObject({
      prompts: [],
      rejoined: [{ prompt: 'hello', transcriptOffset: 70 }],
    });
    expect((await house.store.readSession('a'))?.agentSessionId).toBe('left-a');
  });

  test('is rejoined with what was told of its present run, and of no other', async () => {
    await using house = await openLeft('working', (session) => ({ kind: 'alive', session: session() }));
    const tell = (requestId: string, text: string) =>
      house.store.appendEvent({ type: 'agent.said', requestId, workspace: 'a', at: 1, data: { text } });
    await tell(house.id, 'before it was queued again');
    await house.store.requeue({ id: house.id, epoch: 1 }, 1);
    const turn = await house.store.claim('a', house.clock.now());
    if (turn === null) throw new Error('nothing was claimed');
    await house.store.progress(turn, { phase: 'working' }, 1);
    await tell(house.id, 'now');
    await tell('another', 'theirs');
    await house.start();
    await house.ended(house.id);
    expect(house.driver.sessions[0]?.rejoined).toMatchObject([
      { told: [{ type: 'agent.said', data: { text: 'now' } }] },
    ]);
    expect(house.driver.sessions[0]?.rejoined[0]?.told).toHaveLength(1);
  });

  test('keeps its deadline when it is rejoined', async () => {
    await using house = await openLeft('working', (session) => ({ kind: 'alive', session: session() }), {
      rejoinTurn: (_past, _observer, signal) => untilInterrupted(signal),
    });
    house.clock.advance(59_000);
    await house.start();
    house.clock.advance(999);
    expect((await read(house))?.state).toBe('running');
    house.clock.advance(1);
    expect(await house.ended(house.id)).toMatchObject({ state: 'timed_out', text: 'a part' });
  });

  test('has its whole deadline, and no more, when the clock was set back meanwhile', async () => {
    await using house = await openLeft('working', (session) => ({ kind: 'alive', session: session() }), {
      rejoinTurn: (_past, _observer, signal) => untilInterrupted(signal),
    });
    house.clock.set(-3_600_000);
    await house.start();
    house.clock.advance(60_000);
    expect(await house.ended(house.id)).toMatchObject({ state: 'timed_out', text: 'a part' });
  });

  test('is first in its lane: what is queued behind it waits', async () => {
    const gate = Promise.withResolvers<void>();
    await using house = await openLeft('working', (session) => ({ kind: 'alive', session: session() }), {
      async rejoinTurn() {
        await gate.promise;
        return { kind: 'completed', text: 'at last', usage: null };
      },
    });
    const next = await house.ask('a', 'next');
    await house.start();
    const other = await house.ask('b', 'other');
    await house.ended(other);
    expect((await house.store.readRequest(next))?.state).toBe('queued');
    gate.resolve();
    expect(await house.ended(house.id)).toMatchObject({ text: 'at last' });
    expect(await house.ended(next)).toMatchObject({ state: 'completed' });
  });

  test('is put to a fresh agent when the rejoined one has never got it', async () => {
    await using house = await openLeft('submitting', (session) => ({ kind: 'alive', session: session() }), {
      rejoinTurn: async () => ({ kind: 'unsubmitted', why: 'It was silent.' }),
    });
    await house.start();
    expect(await house.ended(house.id)).toMatchObject({ state: 'completed', text: 'answer to hello' });
    expect(house.driver.sessions.map((session) => session.prompts)).toEqual([[], ['hello']]);
  });

  test('is never entered again when the agent had reported it', async () => {
    await using house = await openLeft('working', (session) => ({ kind: 'alive', session: session() }), {
      rejoinTurn: async () => ({ kind: 'unsubmitted', why: 'It was silent.' }),
    });
    await house.start();
    expect(await house.ended(house.id)).toMatchObject({ state: 'failed', reason: 'host_restarted' });
    expect(house.driver.sessions.flatMap((session) => session.prompts)).toEqual([]);
  });
});

describe('a request whose cancel was asked before', () => {
  test.each<[Left, TurnTrace, string | null]>([
    ['preparing', noProof, null],
    ['submitting', noProof, null],
    ['working', noProof, null],
    ['working', cutOff, 'a part'],
    ['working', completed, 'from the transcript'],
    ['working', { kind: 'ended', end: { kind: 'unsubmitted', why: 'no' } }, null],
  ])('is cancelled in %s, whatever the trace (%j), and keeps its text', async (left, trace, text) => {
    await using house = await openLeft(left, () => trace, { cancelAsked: true });
    await house.start();
    expect(await read(house)).toMatchObject({ state: 'cancelled', reason: null, error: null, text });
    expect(prompts(house)).toEqual([]);
  });

  test('is cancelled and never run when the live agent has not got it', async () => {
    await using house = await openLeft('pasted', (session) => ({ kind: 'unsubmitted', session: session() }), {
      cancelAsked: true,
    });
    await house.start();
    expect(await read(house)).toMatchObject({ state: 'cancelled' });
    expect(await house.ended(await house.ask('a', 'next'))).toMatchObject({ state: 'completed' });
    expect(house.driver.sessions.map((session) => session.prompts)).toEqual([['next']]);
  });

  test('is interrupted in its live agent', async () => {
    await using house = await openLeft('working', (session) => ({ kind: 'alive', session: session() }), {
      cancelAsked: true,
      rejoinTurn: (_past, _observer, signal) => untilInterrupted(signal),
    });
    await house.start();
    expect(await house.ended(house.id)).toMatchObject({ state: 'cancelled' });
  });
});

describe('a recovery', () => {
  test('that throws ends its request as internal, and the others are recovered', async () => {
    await using house = await openLeft('working', () => Promise.reject(new Error('no tmux')));
    const waits = await house.ask('b', 'waits');
    await house.start();
    expect(await read(house)).toMatchObject({ state: 'failed', reason: 'internal', retryable: true });
    expect(house.logged).toContain('recover.failed');
    expect(await house.ended(waits)).toMatchObject({ state: 'completed' });
  });

  test('wakes every lane that has work, and none twice', async () => {
    await using house = await openHouse();
    const ids = await Promise.all(['a', 'b', 'a', 'c'].map((workspace) => house.ask(workspace, `for ${workspace}`)));
    await house.start();
    await Promise.all(ids.map(house.ended));
    expect(prompts(house).toSorted()).toEqual(['for a', 'for a', 'for b', 'for c']);
  });

  test('makes the gateway ready when it is done', async () => {
    const gate = Promise.withResolvers<TurnTrace>();
    await using house = await openLeft('working', () => gate.promise);
    const started = house.start();
    await until(() => house.pasts.length === 1);
    expect(house.api.health.isReady()).toBe(false);
    gate.resolve(completed);
    await started;
    expect(house.api.health.isReady()).toBe(true);
  });

  test('adopts the idle agents of known sessions, and ends those of deleted ones', async () => {
    await using house = await openHouse();
    await house.store.ensureSession({
      workspace: 'known',
      agent: 'claude',
      agentSessionId: 'left-known',
      createdAt: house.clock.now(),
      lastActivityAt: house.clock.now(),
    });
    const known = house.driver.leave('known');
    house.driver.leave('stranger');
    await house.start();
    expect((await house.api.sessions.read('known')).status).toBe('idle');
    await house.ended(await house.ask('known', 'hello'));
    expect([known.prompts, house.driver.opened]).toEqual([['hello'], []]);
    // That of a deleted session is ended.
    expect(await house.driver.listLive()).toEqual(['known']);
    await house.closeSessions();
  });

  test('starts even when the agents cannot be listed', async () => {
    await using house = await openHouse();
    Object.assign(house.driver, { listLive: () => Promise.reject(new Error('tmux does not answer')) });
    await house.start();
    expect(house.api.health.isReady()).toBe(true);
  });
});

describe('an end that recovery found', () => {
  test('wakes those who wait for it since before the start', async () => {
    await using house = await openLeft('working', () => completed);
    const waiting = house.ended(house.id);
    await house.start();
    expect(await waiting).toMatchObject({ state: 'completed', text: 'from the transcript' });
  });

  test('that tells of a usage limit pauses the queues', async () => {
    await using house = await openLeft('working', () => limited);
    const waiting = await house.ask('b', 'behind it');
    await house.start();
    const { request, pause } = await house.api.requests.read(waiting);
    expect([request.state, pause?.reason]).toEqual(['queued', 'usage_limited']);
  });

  test('is overruled by a cancel that was on disk', async () => {
    const alive = (session: () => FakeSession): TurnTrace => ({ kind: 'alive', session: session() });
    await using house = await openLeft('working', alive, { cancelAsked: true });
    await house.start();
    expect(await house.ended(house.id)).toMatchObject({ state: 'cancelled', text: 'answer to hello' });
  });
});

describe('a request whose session is gone', () => {
  test('ends as session_deleted, and its agent with it: the earlier process died in the middle of the deletion', async () => {
    await using house = await openLeft('working', () => cutOff);
    house.driver.leave('a');
    await house.store.deleteSession('a', house.clock.now());
    await house.start();
    expect(await read(house)).toMatchObject({ state: 'failed', reason: 'session_deleted' });
    expect(await house.driver.listLive()).toEqual([]);
  });
});

describe('an idle agent of an earlier process, while it is taken in', () => {
  async function openIdle() {
    const [asked, adopted] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const house = await openHouse({
      adopted() {
        asked.resolve();
        return adopted.promise;
      },
    });
    await house.store.ensureSession(aSession('a'));
    house.driver.leave('a');
    return { ...house, asked: asked.promise, adopted };
  }

  test('does not outlive its session, which is deleted meanwhile', async () => {
    await using house = await openIdle();
    const started = house.start();
    await house.asked;
    const deleted = house.api.sessions.delete('a', false);
    // Many times as many commits as it would need if it did not wait.
    for (let commit = 0; commit < 20; commit += 1) await house.ask('b', 'hello');
    house.adopted.resolve();
    await Promise.all([started, deleted]);
    expect(await house.driver.listLive()).not.toContain('a');
    expect(await house.store.readSession('a')).toBeNull();
  });

  test('is the one that a session is opened with', async () => {
    await using house = await openIdle();
    const started = house.start();
    await house.asked;
    const created = house.api.sessions.create('a', undefined);
    house.adopted.resolve();
    await Promise.all([started, created]);
    expect(house.driver.opened).toEqual([]);
    expect(await house.driver.listLive()).toEqual(['a']);
  });
});
