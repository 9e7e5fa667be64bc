import { describe, expect, test } from '@jest/globals';
import type { TurnEnd } from '../../../../../src/core/ports/agent.ts';
import { answer, untilInterrupted } from '../../../../helpers/fake-driver.ts';
import { until } from '../../../../helpers/until.ts';
import { openHouse } from '../house.ts';

describe('cancel', () => {
  test('ends a queued request at once, and it never runs', async () => {
    await using house = await openHouse();
    const id = await house.ask('a', 'never');
    expect(await house.api.requests.cancel(id)).toMatchObject({ state: 'cancelled' });
    await house.start();
    await house.ended(await house.ask('b', 'another'));
    expect(house.driver.sessions.map((session) => session.prompts)).toEqual([['another']]);
  });

  test('interrupts a running request, which keeps its partial text, and the lane goes on', async () => {
    await using house = await openHouse({
      runTurn: (prompt, observer, signal) => (prompt === 'long' ? untilInterrupted(signal) : answer(prompt, observer)),
    });
    await house.start();
    const id = await house.ask('a', 'long');
    await until(() => house.driver.sessions[0]?.prompts.length === 1);
    expect((await house.api.requests.cancel(id)).cancelAskedAt).toBe(house.clock.now());
    expect(await house.ended(id)).toMatchObject({ state: 'cancelled', reason: null, text: 'a part' });
    expect((await house.ended(await house.ask('a', 'next'))).state).toBe('completed');
  });

  test('leaves an ended request as it is', async () => {
    await using house = await openHouse();
    await house.start();
    const id = await house.ask('a', 'hello');
    const before = await house.ended(id);
    expect(await house.api.requests.cancel(id)).toEqual(before);
  });

  test('does not take a whole answer away that came first', async () => {
    await using house = await openHouse({
      runTurn: async (_prompt, _observer, signal) => {
        await untilInterrupted(signal);
        return { kind: 'completed', text: 'all of it', usage: null };
      },
    });
    await house.start();
    const id = await house.ask('a', 'hello');
    await until(() => house.driver.sessions[0]?.prompts.length === 1);
    await house.api.requests.cancel(id);
    expect(await house.ended(id)).toMatchObject({ state: 'completed', text: 'all of it' });
  });

  test('loses to a deadline that came before it', async () => {
    const interrupted = Promise.withResolvers<TurnEnd>();
    await using house = await openHouse({ runTurn: () => interrupted.promise });
    await house.start();
    const id = await house.ask('a', 'hello', { timeoutMs: 1_000 });
    await until(() => house.driver.sessions[0]?.prompts.length === 1);
    house.clock.advance(1_000);
    await house.api.requests.cancel(id);
    interrupted.resolve({ kind: 'interrupted', text: null });
    expect(await house.ended(id)).toMatchObject({ state: 'timed_out' });
  });

  test('reaches a turn whose claim is just being stored', async () => {
    let cancelled: Promise<unknown> = Promise.resolve();
    await using house = await openHouse({
      wrapStore: (store) => ({
        ...store,
        async claim(workspace, now) {
          const request = await store.claim(workspace, now);
          if (request) cancelled = house.api.requests.cancel(request.id);
          while (request && (await store.readRequest(request.id))?.cancelAskedAt === null) await store.probe();
          return request;
        },
      }),
    });
    await house.start();
    const id = await house.ask('a', 'hello');
    expect(await house.ended(id)).toMatchObject({ state: 'cancelled' });
    await cancelled;
    expect(house.driver.sessions.flatMap((session) => session.prompts)).toEqual([]);
  });

  test('answers not_found for an id that nobody knows', async () => {
    await using house = await openHouse();
    await expect(house.api.requests.cancel('req-none')).rejects.toMatchObject({ code: 'not_found' });
  });
});
