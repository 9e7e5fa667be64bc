import { describe, expect, test } from '@jest/globals';
import { until } from '../../../../../helpers/until.ts';
import { openHouse } from '../../house.ts';
import { openPool, run, types } from './pool-house.ts';

describe('a session that is created', () => {
  test('takes the place of the least recently used idle one', async () => {
    await using pool = await openPool({ settings: { maxLiveSessions: 1 } });
    await run(pool, 'a');
    await pool.api.sessions.create('b', undefined);
    await until(async () => (await pool.live()).join() === 'b');
    expect(await pool.api.sessions.read('a')).toMatchObject({ status: 'asleep', attach: null, process: null });
  });

  test('stays asleep without a free place, and nothing fails', async () => {
    await using pool = await openPool({ settings: { maxLiveSessions: 1 } });
    await pool.ask('a', 'hold a');
    await until(() => pool.running.has('hold a'));
    expect(await pool.api.sessions.create('b', undefined)).toMatchObject({ created: true });
    await until(() => pool.logged.includes('session.no_place'));
    expect(await pool.live()).toEqual(['a']);
    await pool.finish('hold a');
  });

  test('holds no place once it is warm', async () => {
    await using pool = await openPool({ settings: { maxLiveSessions: 1 } });
    await pool.api.sessions.create('a', undefined);
    await run(pool, 'b');
    expect(await pool.live()).toEqual(['b']);
  });
});

describe('an idle session', () => {
  test('sleeps by itself, and its next request resumes it', async () => {
    await using pool = await openPool({ settings: { sessionIdleMs: 60_000 } });
    await run(pool, 'a');
    await until(() => pool.clock.pending() === 1);
    pool.clock.advance(59_999);
    expect(await pool.live()).toEqual(['a']);
    pool.clock.advance(1);
    await until(async () => (await types(pool, 'a')).includes('session.slept'));
    expect(await pool.live()).toEqual([]);
    await run(pool, 'a');
    expect(pool.driver.sessions[1]?.agentSessionId).toBe(pool.driver.sessions[0]?.agentSessionId);
  });

  test('is asked again later when it may not sleep', async () => {
    await using pool = await openPool();
    await run(pool, 'a');
    pool.attended.add('a');
    await until(() => pool.clock.pending() === 1);
    pool.clock.advance(1_800_000);
    await until(() => pool.clock.pending() === 1);
    expect(await pool.live()).toEqual(['a']);
    pool.attended.delete('a');
    pool.clock.advance(60_000);
    await until(async () => (await pool.live()).length === 0);
  });

  test('does not sleep while a turn runs, however long that takes', async () => {
    await using pool = await openPool({ settings: { turnTimeoutMs: 86_400_000 } });
    await run(pool, 'a');
    const id = await pool.ask('a', 'hold a');
    await until(() => pool.running.has('hold a'));
    pool.clock.advance(7_200_000);
    await pool.finish('hold a');
    expect(await pool.ended(id)).toMatchObject({ state: 'completed' });
    expect(pool.driver.opened).toHaveLength(1);
  });

  test('leaves no timer behind when the gateway drains', async () => {
    await using pool = await openPool({ settings: { maxLiveSessions: 1 } });
    await run(pool, 'a');
    pool.attended.add('a');
    await pool.ask('b', 'b');
    await until(() => pool.clock.pending() === 2);
    await pool.drain();
    expect(pool.clock.pending()).toBe(0);
  });
});

describe('agents that an earlier process left beyond the limit', () => {
  test('are put to sleep, the least recently used ones first, and as soon as they can', async () => {
    const attended = new Set(['w1']);
    await using house = await openHouse({
      settings: { maxLiveSessions: 2 },
      sleep: async (workspace) => !attended.has(workspace),
    });
    for (const index of [0, 1, 2, 3]) {
      const at = house.clock.now() + index;
      const session = { workspace: `w${index}`, agent: 'claude', agentSessionId: `left-w${index}` } as const;
      await house.store.ensureSession({ ...session, createdAt: at, lastActivityAt: at });
      house.driver.leave(`w${index}`);
    }
    await house.start();
    // The second one is attended, so the third goes in its place.
    await until(async () => (await house.driver.listLive()).join() === 'w1,w3');
  });

  test('sleep later when none may sleep at once', async () => {
    let mayAny = false;
    await using house = await openHouse({ settings: { maxLiveSessions: 1 }, sleep: async () => mayAny });
    for (const workspace of ['a', 'b']) {
      const at = house.clock.now();
      const session = { workspace, agent: 'claude', agentSessionId: `left-${workspace}` } as const;
      await house.store.ensureSession({ ...session, createdAt: at, lastActivityAt: at });
      house.driver.leave(workspace);
    }
    await house.start();
    await until(() => house.clock.pending() === 3);
    mayAny = true;
    house.clock.advance(2_000);
    await until(async () => (await house.driver.listLive()).length === 1);
  });
});
