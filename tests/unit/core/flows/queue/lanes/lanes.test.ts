import { describe, expect, test } from '@jest/globals';
import { answer, untilInterrupted } from '../../../../../helpers/fake-driver.ts';
import { until } from '../../../../../helpers/until.ts';
import { openHouse, type House } from '../../house.ts';

describe('lanes', () => {
  test('run the requests of a session in the order of their arrival', async () => {
    await using house = await openHouse();
    await house.start();
    const ids = await Promise.all(['one', 'two', 'three'].map((prompt) => house.ask('a', prompt)));
    await Promise.all(ids.map(house.ended));
    expect(house.driver.sessions.map((session) => session.prompts)).toEqual([['one', 'two', 'three']]);
  });

  test('run a high one before a normal one that waits', async () => {
    await using house = await openHouse();
    await house.ask('a', 'normal');
    const last = await house.ask('a', 'high', { priority: 'high' });
    await house.start();
    await house.ended(last);
    expect(house.driver.sessions[0]?.prompts[0]).toBe('high');
  });

  test('never run two turns of one session at once', async () => {
    let now = 0;
    let most = 0;
    await using house = await openHouse({
      async runTurn(prompt, observer) {
        most = Math.max(most, (now += 1));
        const end = await answer(prompt, observer);
        now -= 1;
        return end;
      },
    });
    await house.start();
    const ids = await Promise.all(Array.from({ length: 20 }, (_, index) => house.ask('a', `${index}`)));
    await Promise.all(ids.map(house.ended));
    expect(most).toBe(1);
  });

  test('hand out the slots for turns in the order in which lanes asked for them', async () => {
    const begun: string[] = [];
    const gates = new Map<string, () => void>();
    await using house = await openHouse({
      settings: { maxRunningTurns: 1 },
      async runTurn(prompt, observer) {
        begun.push(prompt);
        await new Promise<void>((resolve) => gates.set(prompt, resolve));
        return answer(prompt, observer);
      },
    });
    await house.start();
    await house.ask('a', 'a1');
    await house.ask('a', 'a2');
    await house.ask('b', 'b1');
    await house.ask('c', 'c1');
    for (const prompt of ['a1', 'b1', 'c1', 'a2']) {
      await until(() => begun.at(-1) === prompt);
      gates.get(prompt)?.();
    }
    expect(begun).toEqual(['a1', 'b1', 'c1', 'a2']);
  });

  test('give a free slot to the session whose next request has the highest class', async () => {
    await using house = await openHouse({ settings: { maxRunningTurns: 1 } });
    await house.ask('a', 'background', { priority: 'background' });
    await house.ask('b', 'normal');
    await house.ask('c', 'high', { priority: 'high' });
    await house.ask('d', 'interactive', { priority: 'interactive' });
    await house.start();
    await until(() => house.driver.sessions.length === 4);
    expect(house.driver.sessions.map(({ workspace }) => workspace)).toEqual(['d', 'c', 'b', 'a']);
  });

  test.each<[string, (house: House, id: string) => Promise<unknown>]>([
    ['was cancelled', (house, id) => house.api.requests.cancel(id)],
    ['waited too long', async (house, id) => (house.clock.advance(900), house.ended(id))],
  ])('give no slot for the class of a request that %s', async (_why, leave) => {
    const gate = Promise.withResolvers<void>();
    await using house = await openHouse({
      settings: { maxRunningTurns: 1, queueTimeoutMs: 1_000 },
      async runTurn(prompt, observer) {
        if (prompt === 'long') await gate.promise;
        return answer(prompt, observer);
      },
    });
    await house.ask('a', 'long', { priority: 'interactive' });
    const gone = await house.ask('b', 'gone', { priority: 'interactive' });
    house.clock.advance(100);
    await house.ask('b', 'normal');
    await house.start();
    await until(() => house.driver.sessions.length === 1);
    await house.ask('c', 'high', { priority: 'high' });
    await leave(house, gone);
    gate.resolve();
    await until(() => house.driver.sessions.length === 3);
    expect(house.driver.sessions.map(({ workspace }) => workspace)).toEqual(['a', 'c', 'b']);
  });

  test('go on after an agent that throws, whose request ends as failed/internal', async () => {
    await using house = await openHouse({
      runTurn: (prompt, observer) =>
        prompt === 'bad' ? Promise.reject(new Error('out of order')) : answer(prompt, observer),
    });
    await house.start();
    const bad = await house.ask('a', 'bad');
    const good = await house.ask('a', 'good');
    expect(await house.ended(bad)).toMatchObject({ state: 'failed', reason: 'internal', retryable: true });
    expect(await house.ended(good)).toMatchObject({ state: 'completed', text: 'answer to good' });
    expect(house.logged).toContain('turn.broke');
    // Nobody knows what the broken one was doing: the next turn ran in a fresh agent.
    expect(house.driver.sessions.map((session) => session.prompts)).toEqual([['bad'], ['good']]);
  });

  test('look again later when the store refuses a claim', async () => {
    let refusals = 1;
    await using house = await openHouse({
      wrapStore: (store) => ({
        ...store,
        claim: (workspace, now) =>
          refusals-- > 0 ? Promise.reject(new Error('disk is full')) : store.claim(workspace, now),
      }),
    });
    await house.start();
    const id = await house.ask('a', 'hello');
    await until(() => house.logged.includes('lane.claim_failed'));
    house.clock.advance(1_000);
    expect(await house.ended(id)).toMatchObject({ state: 'completed' });
  });

  test('store an end again and again until the disk takes it', async () => {
    let refused = 0;
    await using house = await openHouse({
      wrapStore: (store) => ({
        ...store,
        end: (turn, end, now) =>
          (refused += 1) <= 2 ? Promise.reject(new Error('disk is full')) : store.end(turn, end, now),
      }),
    });
    await house.start();
    const id = await house.ask('a', 'hello');
    await until(() => refused === 1);
    await until(() => house.clock.pending() > 0);
    house.clock.advance(1_000);
    await until(() => refused === 2);
    await until(() => house.clock.pending() > 0);
    house.clock.advance(1_000);
    expect(await house.ended(id)).toMatchObject({ state: 'completed', text: 'answer to hello' });
  });

  test('claim nothing before recovery is done', async () => {
    await using house = await openHouse();
    const id = await house.ask('a', 'early');
    await house.ask('b', 'another');
    expect((await house.api.requests.read(id)).request.state).toBe('queued');
    await house.start();
    expect(await house.ended(id)).toMatchObject({ state: 'completed' });
  });

  test('let a session be deleted that only waits for a slot', async () => {
    await using house = await openHouse({
      settings: { maxRunningTurns: 1 },
      runTurn: (_prompt, _observer, signal) => untilInterrupted(signal),
    });
    await house.start();
    const long = await house.ask('a', 'long');
    await house.reached(long, 'preparing');
    const waiting = await house.ask('b', 'waits');
    await house.api.sessions.delete('b', true);
    expect(await house.ended(waiting)).toMatchObject({ state: 'failed', reason: 'session_deleted' });
  });
});
