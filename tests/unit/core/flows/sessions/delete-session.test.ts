import { describe, expect, test } from '@jest/globals';
import { answer, untilInterrupted } from '../../../../helpers/fake-driver.ts';
import { until } from '../../../../helpers/until.ts';
import { openHouse } from '../house.ts';

describe('the delete of a session', () => {
  test('is refused while it has work, unless it is forced', async () => {
    await using house = await openHouse({ runTurn: (_prompt, _observer, signal) => untilInterrupted(signal) });
    await house.start();
    const running = await house.ask('a', 'one');
    const queued = await house.ask('a', 'two');
    await until(() => house.driver.sessions[0]?.prompts.length === 1);
    await expect(house.api.sessions.delete('a', false)).rejects.toMatchObject({ code: 'session_busy' });
    await house.api.sessions.delete('a', true);
    expect(await house.ended(running)).toMatchObject({ state: 'failed', reason: 'session_deleted', text: 'a part' });
    expect(await house.ended(queued)).toMatchObject({ state: 'failed', reason: 'session_deleted', text: null });
    expect(await house.driver.listLive()).toEqual([]);
    await expect(house.api.sessions.read('a')).rejects.toMatchObject({ code: 'not_found' });
  });

  test('lets a request that comes in meanwhile run in a new session, never in the old one', async () => {
    const interrupted = Promise.withResolvers<void>();
    const going = Promise.withResolvers<void>();
    await using house = await openHouse({
      async runTurn(prompt, observer, signal) {
        if (prompt !== 'old') return answer(prompt, observer);
        const end = await untilInterrupted(signal);
        interrupted.resolve();
        await going.promise;
        return end;
      },
    });
    await house.start();
    const old = await house.ask('a', 'old');
    await until(() => house.driver.sessions[0]?.prompts.length === 1);
    const deleted = house.api.sessions.delete('a', true);
    await interrupted.promise;
    await until(async () => (await house.store.readSession('a')) === null);
    const fresh = await house.ask('a', 'fresh');
    expect(house.driver.opened).toHaveLength(1);
    going.resolve();
    await deleted;
    expect(await house.ended(old)).toMatchObject({ state: 'failed', reason: 'session_deleted' });
    expect(await house.ended(fresh)).toMatchObject({ state: 'completed', text: 'answer to fresh' });
    expect(house.driver.sessions.map((session) => session.prompts)).toEqual([['old'], ['fresh']]);
    expect(house.driver.opened.map((spec) => spec.agentSessionId)).toEqual([null, null]);
    expect((await house.api.sessions.read('a')).agentSessionId).toBe('conversation-2');
  });

  test('holds back the agent of a new session until the old one is gone', async () => {
    await using house = await openHouse();
    await house.start();
    await house.ended(await house.ask('a', 'old'));
    const closing = Promise.withResolvers<void>();
    const [session] = house.driver.sessions;
    const close = session?.close.bind(session);
    Object.assign(session ?? {}, { close: () => closing.promise.then(close) });
    const deleted = house.api.sessions.delete('a', false);
    await until(async () => (await house.store.readSession('a')) === null);
    const fresh = await house.ask('a', 'fresh');
    await house.reached(fresh, 'preparing');
    expect(house.driver.opened).toHaveLength(1);
    closing.resolve();
    await deleted;
    expect(await house.ended(fresh)).toMatchObject({ state: 'completed' });
    expect(house.driver.opened).toHaveLength(2);
  });

  test('twice at once ends the session once, and neither breaks', async () => {
    await using house = await openHouse({ runTurn: (_prompt, _observer, signal) => untilInterrupted(signal) });
    await house.start();
    const id = await house.ask('a', 'one');
    await until(() => house.driver.sessions[0]?.prompts.length === 1);
    await Promise.all([house.api.sessions.delete('a', true), house.api.sessions.delete('a', true)]);
    expect(await house.ended(id)).toMatchObject({ state: 'failed', reason: 'session_deleted' });
    const events = await house.store.listEvents(0, 100);
    expect(events.filter(({ type }) => type === 'session.deleted')).toHaveLength(1);
    await expect(house.api.sessions.delete('a', true)).rejects.toMatchObject({ code: 'not_found' });
  });

  test('during a start ends what was started', async () => {
    const gate = Promise.withResolvers<void>();
    await using house = await openHouse({ open: () => gate.promise });
    await house.start();
    await house.api.sessions.create('a', undefined);
    await until(() => house.driver.opened.length === 1);
    expect((await house.api.sessions.read('a')).status).toBe('starting');
    const deleted = house.api.sessions.delete('a', false);
    await until(async () => (await house.store.readSession('a')) === null);
    gate.resolve();
    await deleted;
    expect(await house.driver.listLive()).toEqual([]);
    expect(await house.store.readSession('a')).toBeNull();
  });

  test('during the start for a request ends the request', async () => {
    await using house = await openHouse({
      open: (_spec, signal) =>
        new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('aborted')))),
    });
    await house.start();
    const id = await house.ask('a', 'hello');
    await until(() => house.driver.opened.length === 1);
    await house.api.sessions.delete('a', true);
    expect(await house.ended(id)).toMatchObject({ state: 'failed', reason: 'session_deleted' });
    expect(await house.driver.listLive()).toEqual([]);
  });

  test('of an unknown one is not_found', async () => {
    await using house = await openHouse();
    await expect(house.api.sessions.delete('a', true)).rejects.toMatchObject({ code: 'not_found' });
  });
});
