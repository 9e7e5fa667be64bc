import { describe, expect, test } from '@jest/globals';
import { until } from '../../../../../helpers/until.ts';
import { openPool, run, types } from './pool-house.ts';

describe('the pool', () => {
  test('has never more agents live or starting than there are places', async () => {
    await using pool = await openPool({ settings: { maxLiveSessions: 2 } });
    const ids = await Promise.all(['a', 'b', 'c', 'd', 'e', 'f'].map((workspace) => pool.ask(workspace, workspace)));
    const ends = await Promise.all(ids.map(pool.ended));
    expect(ends.map(({ state }) => state)).toEqual(Array(6).fill('completed'));
    expect(pool.driver.most).toBe(2);
  });

  test('puts the least recently used session to sleep for another one', async () => {
    await using pool = await openPool({ settings: { maxLiveSessions: 2 } });
    for (const workspace of ['a', 'b', 'a', 'c']) {
      await run(pool, workspace);
      pool.clock.advance(1);
    }
    expect(await pool.live()).toEqual(['a', 'c']);
    expect(await types(pool, 'b')).toContain('session.slept');
  });

  test('resumes a session that slept with its conversation', async () => {
    await using pool = await openPool({ settings: { maxLiveSessions: 1 } });
    await run(pool, 'a');
    await run(pool, 'b');
    await run(pool, 'a');
    const [first, , again] = pool.driver.sessions;
    expect(again?.agentSessionId).toBe(first?.agentSessionId);
    const started = (await pool.store.listEvents(0, 1_000)).filter(({ type }) => type === 'session.started');
    expect(started.map(({ workspace, data }) => [workspace, data['resumed']])).toEqual([
      ['a', false],
      ['b', false],
      ['a', true],
    ]);
  });

  test('leaves a request without a place queued, with all its time, until a turn ends', async () => {
    await using pool = await openPool({ settings: { maxLiveSessions: 1 } });
    const first = await pool.ask('a', 'hold a');
    await until(() => pool.running.has('hold a'));
    const second = await pool.ask('b', 'b');
    await until(() => pool.clock.pending() === 2);
    expect(await pool.store.readRequest(second)).toMatchObject({ state: 'queued', startedAt: null });
    expect(await pool.live()).toEqual(['a']);
    await pool.finish('hold a');
    await pool.ended(first);
    expect(await pool.ended(second)).toMatchObject({ state: 'completed' });
  });

  test('gives places in the order in which they were asked for', async () => {
    await using pool = await openPool({ settings: { maxLiveSessions: 1 } });
    await pool.ask('a', 'hold a');
    await until(() => pool.running.has('hold a'));
    const ids: string[] = [];
    for (const workspace of ['b', 'c', 'd']) ids.push(await pool.ask(workspace, workspace));
    await pool.finish('hold a');
    await Promise.all(ids.map(pool.ended));
    expect(pool.driver.opened.map(({ workspace }) => workspace)).toEqual(['a', 'b', 'c', 'd']);
  });

  test('lets a live session work while another one finds no place', async () => {
    await using pool = await openPool({ settings: { maxLiveSessions: 1 } });
    await run(pool, 'a');
    pool.attended.add('a');
    const waiting = await pool.ask('b', 'b');
    await run(pool, 'a');
    expect((await pool.store.readRequest(waiting))?.state).toBe('queued');
  });

  test('looks again when a person may have gone', async () => {
    await using pool = await openPool({ settings: { maxLiveSessions: 1 } });
    await run(pool, 'a');
    pool.attended.add('a');
    const waiting = await pool.ask('b', 'b');
    await until(() => pool.clock.pending() === 2);
    pool.attended.delete('a');
    pool.clock.advance(2_000);
    expect(await pool.ended(waiting)).toMatchObject({ state: 'completed' });
    expect(await pool.live()).toEqual(['b']);
  });

  test('prefers a session without work, whatever was used last', async () => {
    await using pool = await openPool({ settings: { maxLiveSessions: 3, maxRunningTurns: 1 } });
    await run(pool, 'a');
    pool.clock.advance(1);
    await run(pool, 'b');
    await pool.ask('c', 'hold c');
    await until(() => pool.running.has('hold c'));
    await pool.ask('a', 'waits for its slot');
    pool.clock.advance(20_000);
    await pool.api.sessions.create('d', undefined);
    await until(async () => (await pool.live()).join() === 'a,c,d');
  });

  test.each([0, -3_600_000])(
    'lets a session that has work left keep its place for ten seconds, also where the clock is set by %d ms',
    async (byMs) => {
      await using pool = await openPool({ settings: { maxLiveSessions: 1, maxRunningTurns: 1 } });
      await pool.ask('a', 'hold a');
      await until(() => pool.running.has('hold a'));
      const other = await pool.ask('b', 'b');
      const next = await pool.ask('a', 'hold a again');
      const last = await pool.ask('a', 'the last of a');
      await pool.finish('hold a');
      await until(() => pool.running.has('hold a again'));
      pool.clock.set(byMs);
      pool.clock.advance(10_000);
      await pool.finish('hold a again');
      await pool.ended(next);
      await pool.ended(other);
      await pool.ended(last);
      expect(pool.driver.opened.map(({ workspace }) => workspace)).toEqual(['a', 'b', 'a']);
    },
  );

  test('counts an agent that is being ended until it is gone', async () => {
    const gone = Promise.withResolvers<boolean>();
    await using pool = await openPool({ settings: { maxLiveSessions: 1 }, sleep: () => gone.promise });
    await run(pool, 'a');
    const id = await pool.ask('b', 'b');
    const again = await pool.ask('a', 'again');
    expect(await pool.store.readRequest(id)).toMatchObject({ state: 'queued' });
    expect(pool.driver.opened).toHaveLength(1);
    gone.resolve(true);
    await Promise.all([id, again].map(pool.ended));
    expect(pool.driver.most).toBe(1);
  });

  test('starts no agent for a place whose agent is still being ended, whoever asks', async () => {
    const gone = Promise.withResolvers<boolean>();
    await using pool = await openPool({ settings: { maxLiveSessions: 1 }, sleep: () => gone.promise });
    await run(pool, 'a');
    const id = await pool.ask('b', 'b');
    await pool.api.sessions.create('b', undefined);
    expect((await pool.api.health.check()).checks.sessions).toMatchObject({ live: 1 });
    expect(pool.driver.opened).toHaveLength(1);
    gone.resolve(true);
    expect(await pool.ended(id)).toMatchObject({ state: 'completed' });
    expect(pool.driver.most).toBe(1);
  });

  test('puts one session to sleep for one that waits, and not two', async () => {
    const gone = Promise.withResolvers<boolean>();
    let sleeps = 0;
    const sleep = (): Promise<boolean> => {
      sleeps += 1;
      return gone.promise;
    };
    await using pool = await openPool({ settings: { maxLiveSessions: 2 }, sleep });
    await run(pool, 'a');
    const held = await pool.ask('b', 'hold b');
    await until(() => pool.running.has('hold b'));
    const id = await pool.ask('c', 'c');
    await until(() => sleeps === 1);
    await pool.finish('hold b');
    await pool.ended(held);
    gone.resolve(true);
    await pool.ended(id);
    expect(sleeps).toBe(1);
    expect(await pool.live()).toEqual(['b', 'c']);
  });

  test('tries the next idle one when the first may not sleep', async () => {
    await using pool = await openPool({ settings: { maxLiveSessions: 2 } });
    await run(pool, 'a');
    pool.clock.advance(1);
    await run(pool, 'b');
    pool.attended.add('a');
    await run(pool, 'c');
    expect(await pool.live()).toEqual(['a', 'c']);
  });

  test('puts nobody to sleep for a session that has no work', async () => {
    await using pool = await openPool({ settings: { maxLiveSessions: 1 } });
    const first = await pool.ask('a', 'hold a');
    await until(() => pool.running.has('hold a'));
    const second = await pool.ask('b', 'b');
    await pool.finish('hold a');
    await Promise.all([first, second].map(pool.ended));
    await run(pool, 'b');
    expect(pool.driver.opened.map(({ workspace }) => workspace)).toEqual(['a', 'b']);
    expect(await pool.live()).toEqual(['b']);
  });

  test('gives the place of an agent that was killed to the next', async () => {
    await using pool = await openPool({ settings: { maxLiveSessions: 1 } });
    await run(pool, 'a');
    pool.attended.add('a');
    const waiting = await pool.ask('b', 'b');
    await until(() => pool.clock.pending() === 2);
    pool.driver.sessions[0]?.exit();
    expect(await pool.ended(waiting)).toMatchObject({ state: 'completed' });
  });

  test('lets a session be deleted that waits for a place', async () => {
    await using pool = await openPool({ settings: { maxLiveSessions: 1 } });
    await pool.ask('a', 'hold a');
    await until(() => pool.running.has('hold a'));
    const waiting = await pool.ask('b', 'b');
    await pool.api.sessions.delete('b', true);
    expect(await pool.ended(waiting)).toMatchObject({ reason: 'session_deleted' });
    const last = await pool.ask('c', 'c');
    await pool.finish('hold a');
    expect(await pool.ended(last)).toMatchObject({ state: 'completed' });
  });

  test('is shown in health', async () => {
    await using pool = await openPool({ settings: { maxLiveSessions: 3 } });
    await run(pool, 'a');
    const { checks } = await pool.api.health.check();
    expect(checks.sessions).toMatchObject({ total: 1, live: 1, max: 3 });
  });
});

describe('sessions that are listed', () => {
  test('show what the live ones take, with one look at all of them', async () => {
    await using pool = await openPool({ settings: { maxLiveSessions: 2 } });
    for (const workspace of ['a', 'b', 'c']) await run(pool, workspace);
    const looks: (readonly string[])[] = [];
    const inspect = pool.driver.inspect.bind(pool.driver);
    Object.assign(pool.driver, { inspect: (all: readonly string[]) => inspect((looks.push(all), all)) });
    const views = await pool.api.sessions.list();
    expect(views.map(({ workspace, attach }) => [workspace, attach])).toEqual([
      ['a', null],
      ['b', "tmux attach -t '=claude-b'"],
      ['c', "tmux attach -t '=claude-c'"],
    ]);
    expect(looks).toEqual([['b', 'c']]);
  });

  test('are listed all the same when nothing can be looked at', async () => {
    await using pool = await openPool();
    await run(pool, 'a');
    Object.assign(pool.driver, { inspect: () => Promise.reject(new Error('tmux does not answer')) });
    expect(await pool.api.sessions.list()).toMatchObject([
      { status: 'idle', attach: null, attached: 0, process: null },
    ]);
  });
});
