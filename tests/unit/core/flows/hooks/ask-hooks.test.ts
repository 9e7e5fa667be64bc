import { describe, expect, test } from '@jest/globals';
import { createFakeHooks, says, untilEnded } from '../../../../helpers/fake-hooks.ts';
import { until } from '../../../../helpers/until.ts';
import { openHouse } from '../house.ts';

describe('hooks before a turn', () => {
  test('are asked in order, before an agent is started, with who asked and what', async () => {
    let openedBefore = -1;
    const hooks = createFakeHooks({
      first: () => says({}),
      second: () => {
        openedBefore = house.driver.opened.length;
        return says({});
      },
    });
    await using house = await openHouse({ hooks });
    await house.start();
    const id = await house.ask('a', 'hello');
    expect(await house.ended(id)).toMatchObject({ state: 'completed', text: 'answer to hello' });
    expect(hooks.asked).toEqual(['first hello', 'second hello']);
    expect(openedBefore).toBe(0);
    expect(hooks.questions[0]).toEqual({
      eventId: `pre-${id}`,
      fields: {
        identity: { transport: 'http', user_id: 'key', channel_id: 'http-api', thread_id: null },
        message_text: 'hello',
        engine: 'claude',
        project: 'a',
        raw_message: {},
      },
    });
  });

  test('those that a HOOKS_FILE brings while one is asked are asked, too, and what it drops no more', async () => {
    const before = createFakeHooks({ slow: () => says({}), old: () => says({}) });
    const after = createFakeHooks({ slow: () => says({}), renamed: () => says({ allow: false, reason: 'No.' }) });
    let present = before;
    await using house = await openHouse({
      hooks: {
        list: () => present.list(),
        async ask(...question) {
          const answer = await present.ask(...question);
          present = after;
          return answer;
        },
      },
    });
    await house.start();
    expect(await house.ended(await house.ask('a', 'hello'))).toMatchObject({ reason: 'hook_denied', error: 'No.' });
    expect([before.asked, after.asked]).toEqual([['slow hello'], ['renamed hello']]);
  });

  test('the first denial wins: its reason reaches the caller, the others are not asked, no agent is started', async () => {
    const hooks = createFakeHooks({
      fine: () => says({}),
      strict: () => says({ allow: false, reason: 'Not\u0007 on\u202e Sundays.  ' }),
      later: () => says({}),
    });
    await using house = await openHouse({ hooks });
    await house.start();
    const request = await house.ended(await house.ask('a', 'hello'));
    expect(request).toMatchObject({
      state: 'failed',
      reason: 'hook_denied',
      retryable: false,
      error: 'Not  on  Sundays.',
      text: null,
    });
    expect(hooks.asked).toEqual(['fine hello', 'strict hello']);
    expect(house.driver.opened).toEqual([]);
  });

  test('a reason is cut to some sentences; without one the hook is named', async () => {
    const reasons = ['x'.repeat(5_000), null];
    const hooks = createFakeHooks({ strict: () => says({ allow: false, reason: reasons.shift() ?? null }) });
    await using house = await openHouse({ hooks });
    await house.start();
    expect((await house.ended(await house.ask('a', 'one'))).error).toBe(`${'x'.repeat(999)}…`);
    expect((await house.ended(await house.ask('a', 'two'))).error).toBe('The hook strict denied it.');
  });

  test('are asked only for the sources and workspaces that they name', async () => {
    const scripts = { bot: () => says({}), production: () => says({}), late: () => says({}) };
    const hooks = createFakeHooks(scripts, {
      bot: { sources: ['bot', 'ws'] },
      production: { workspaces: ['prod-*', 'live'] },
      late: { events: ['post_session'] },
    });
    await using house = await openHouse({ hooks });
    await house.start();
    for (const [workspace, source] of [
      ['a', 'http'],
      ['prod-eu', 'http'],
      ['live', 'bot'],
      ['lively', 'ws'],
    ] as const) {
      await house.ended(await house.ask(workspace, `${workspace} ${source}`, { source }));
    }
    expect(hooks.asked).toEqual(['production prod-eu http', 'bot live bot', 'production live bot', 'bot lively ws']);
  });

  test('what they say for others is merged in order, and on disk before the agent has the prompt', async () => {
    const hooks = createFakeHooks({
      first: () => says({ metadata: { who: 'first', budget: 1 } }),
      nothing: () => says({}),
      second: () => says({ metadata: { who: 'second', ticket: 'T-1' } }),
    });
    let known: unknown = null;
    await using house = await openHouse({
      hooks,
      async runTurn() {
        known = (await house.store.listUnended())[0]?.hookMetadata;
        return { kind: 'completed', text: 'done', usage: null };
      },
    });
    await house.start();
    const request = await house.ended(await house.ask('a', 'hello'));
    expect(known).toEqual({ who: 'second', budget: 1, ticket: 'T-1' });
    expect(request.hookMetadata).toEqual(known);
  });

  test.each([
    [false, { state: 'completed', reason: null }],
    [true, { state: 'failed', reason: 'hook_denied', error: 'The hook check could not be asked: it exited with 1.' }],
  ])('one that fails is logged and, with fail_closed %s, decides so', async (failClosed, expected) => {
    const hooks = createFakeHooks(
      { check: () => ({ kind: 'failed', why: 'exited with 1', complaint: 'oh' }) },
      { check: { failClosed } },
    );
    await using house = await openHouse({ hooks });
    await house.start();
    expect(await house.ended(await house.ask('a', 'hello'))).toMatchObject(expected);
    expect(house.logged).toContain('hook.failed');
  });

  test('a cancel while one is asked ends it, and the request is cancelled', async () => {
    let isEnded = false;
    const hooks = createFakeHooks({
      slow: (_, signal) => {
        signal.addEventListener('abort', () => (isEnded = true));
        return untilEnded(signal);
      },
    });
    await using house = await openHouse({ hooks });
    await house.start();
    const id = await house.ask('a', 'hello');
    await until(() => hooks.asked.length === 1);
    expect((await house.api.requests.read(id)).request).toMatchObject({ state: 'running', phase: 'preparing' });
    await house.api.requests.cancel(id);
    expect(await house.ended(id)).toMatchObject({ state: 'cancelled', reason: null });
    expect(isEnded).toBe(true);
    expect(house.driver.opened).toEqual([]);
  });

  test('the deadline of the request is theirs, too', async () => {
    const hooks = createFakeHooks({ slow: (_, signal) => untilEnded(signal) });
    await using house = await openHouse({ hooks });
    await house.start();
    const id = await house.ask('a', 'hello', { timeoutMs: 5_000 });
    await until(() => hooks.asked.length === 1);
    house.clock.advance(5_000);
    expect(await house.ended(id)).toMatchObject({ state: 'timed_out', reason: 'turn_timeout' });
  });

  test('hold up no other session', async () => {
    const hooks = createFakeHooks({
      slow: ({ fields }, signal) => (fields.project === 'slow' ? untilEnded(signal) : says({})),
    });
    await using house = await openHouse({ hooks });
    await house.start();
    const slow = await house.ask('slow', 'one');
    await until(() => hooks.asked.length === 1);
    expect((await house.ended(await house.ask('quick', 'two'))).state).toBe('completed');
    await house.api.requests.cancel(slow);
  });

  test('a denial that is silent says so in its event', async () => {
    const hooks = createFakeHooks({ strict: () => says({ allow: false, reason: 'no', silent: true }) });
    await using house = await openHouse({ hooks });
    await house.start();
    const id = await house.ask('a', 'hello');
    await house.ended(id);
    const events = await house.store.listEvents(0, 100, { requestId: id });
    expect(events.at(-1)).toMatchObject({ type: 'request.failed', data: { reason: 'hook_denied', silent: true } });
  });

  test('of a request that an earlier process asked about are asked again, and then it runs', async () => {
    const hooks = createFakeHooks({ check: () => says({ metadata: { asked: 'again' } }) });
    await using house = await openHouse({ hooks });
    const id = await house.ask('a', 'hello');
    const claimed = await house.store.claim('a', house.clock.now());
    await house.store.keepHookMetadata(claimed ?? { id, epoch: 0 }, { asked: 'once', left: true });
    await house.start();
    expect(await house.ended(id)).toMatchObject({ state: 'completed', retries: 1, hookMetadata: { asked: 'again' } });
    expect(hooks.asked).toEqual(['check hello']);
  });

  test('let go of a turn when the gateway stops, without an agent', async () => {
    const answered = Promise.withResolvers<void>();
    const hooks = createFakeHooks({ slow: () => answered.promise.then(() => says({})) });
    await using house = await openHouse({ hooks });
    await house.start();
    const id = await house.ask('a', 'hello');
    await until(() => hooks.asked.length === 1);
    await house.drain();
    answered.resolve();
    await answered.promise;
    expect((await house.store.readRequest(id))?.phase).toBe('preparing');
    expect(house.driver.opened).toEqual([]);
  });
});
