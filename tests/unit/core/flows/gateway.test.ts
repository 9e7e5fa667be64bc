import { describe, expect, test } from '@jest/globals';
import { answer, untilInterrupted } from '../../../helpers/fake-driver.ts';
import { until } from '../../../helpers/until.ts';
import { openHouse, toSubmission } from './house.ts';

describe('a prompt that the agent never got', () => {
  test('is put to a fresh agent, once', async () => {
    let tries = 0;
    await using house = await openHouse({
      runTurn: async (prompt, observer) =>
        (tries += 1) === 1 ? { kind: 'unsubmitted', why: 'It was silent.' } : answer(prompt, observer),
    });
    await house.start();
    const request = await house.ended(await house.ask('a', 'hello'));
    expect(request).toMatchObject({ state: 'completed', text: 'answer to hello' });
    expect(house.driver.sessions.map((session) => session.prompts)).toEqual([['hello'], ['hello']]);
    expect(await house.driver.listLive()).toEqual(['a']);
    expect(house.logged).toContain('turn.not_submitted');
  });

  test('fails as agent_error when a fresh one does not get it either', async () => {
    await using house = await openHouse({ runTurn: async () => ({ kind: 'unsubmitted', why: 'It was silent.' }) });
    await house.start();
    const request = await house.ended(await house.ask('a', 'hello'));
    expect(request).toMatchObject({ state: 'failed', reason: 'agent_error', error: 'It was silent.', text: null });
    expect(house.driver.sessions).toHaveLength(2);
    expect(await house.driver.listLive()).toEqual([]);
  });

  test('is not put to a fresh agent when it was cancelled meanwhile', async () => {
    const gate = Promise.withResolvers<void>();
    await using house = await openHouse({
      async runTurn() {
        await gate.promise;
        return { kind: 'unsubmitted', why: 'It was silent.' };
      },
    });
    await house.start();
    const id = await house.ask('a', 'hello');
    await until(() => house.driver.sessions[0]?.prompts.length === 1);
    await house.api.requests.cancel(id);
    gate.resolve();
    expect(await house.ended(id)).toMatchObject({ state: 'cancelled' });
    expect(house.driver.sessions.flatMap((session) => session.prompts)).toEqual(['hello']);
  });
});

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

describe('the start of a session', () => {
  test('is shared by all who ask for it at once', async () => {
    await using house = await openHouse();
    await house.start();
    await Promise.all([house.api.sessions.create('a', undefined), house.api.sessions.create('a', undefined)]);
    await house.ended(await house.ask('a', 'hello'));
    expect(house.driver.opened).toHaveLength(1);
  });

  test('says whether it is new', async () => {
    await using house = await openHouse();
    expect(await house.api.sessions.create('a', undefined)).toMatchObject({ created: true });
    expect(await house.api.sessions.create('a', 'claude')).toMatchObject({ created: false });
  });
});

describe('waiting for an end', () => {
  test('brings the request as it stands when the caller gives up', async () => {
    await using house = await openHouse();
    const id = await house.ask('a', 'hello');
    const stop = new AbortController();
    const waited = house.api.requests.waitForEnd(id, stop.signal);
    stop.abort();
    expect(await waited).toMatchObject({ id, state: 'queued' });
    expect(await house.api.requests.waitForEnd(id, AbortSignal.abort())).toMatchObject({ state: 'queued' });
  });

  test('wakes all who wait, also those of a queued one that is cancelled', async () => {
    await using house = await openHouse();
    const id = await house.ask('a', 'hello');
    const waited = Promise.all([house.ended(id), house.ended(id)]);
    await house.api.requests.cancel(id);
    expect((await waited).map(({ state }) => state)).toEqual(['cancelled', 'cancelled']);
    expect(await house.ended(id)).toMatchObject({ state: 'cancelled' });
  });

  test('is not_found for an unknown one', async () => {
    await using house = await openHouse();
    await expect(house.ended('req-none')).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('a gateway that drains', () => {
  test('takes no submissions and no sessions, and says when to come again', async () => {
    await using house = await openHouse();
    await house.start();
    await house.drain();
    const refusal = { code: 'draining', retry: { afterMs: 5_000 } };
    await expect(house.api.requests.submit(toSubmission('a', 'hello'))).rejects.toMatchObject(refusal);
    await expect(house.api.sessions.create('a', undefined)).rejects.toMatchObject(refusal);
    expect(house.api.health.isReady()).toBe(false);
    expect(await house.store.listUnended()).toEqual([]);
    expect(await house.store.listSessions()).toEqual([]);
  });

  test('lets a turn under way go, and it stays running in the store', async () => {
    let isInterrupted = false;
    await using house = await openHouse({
      async runTurn(_prompt, _observer, signal) {
        const end = await untilInterrupted(signal);
        isInterrupted = true;
        return end;
      },
    });
    await house.start();
    const id = await house.ask('a', 'hello');
    const queued = await house.ask('a', 'queued');
    await until(() => house.driver.sessions[0]?.prompts.length === 1);
    await house.drain();
    expect(await house.store.readRequest(id)).toMatchObject({ state: 'running' });
    expect(await house.store.readRequest(queued)).toMatchObject({ state: 'queued' });
    expect(isInterrupted).toBe(false);
    expect(await house.driver.listLive()).toEqual(['a']);
  });

  test('is not made ready by a recovery that ends afterwards', async () => {
    await using house = await openHouse();
    const started = house.start();
    await house.drain();
    await started;
    expect(house.api.health.isReady()).toBe(false);
  });
});
