import { describe, expect, test } from '@jest/globals';
import { answer } from '../../../helpers/fake-driver.ts';
import { until } from '../../../helpers/until.ts';
import { openHouse, type House, type HouseOptions } from './house.ts';

/** A house whose turns end when a test says so, and in which people keep sessions from sleeping. */
interface Pool extends House {
  /** Turns that run, by prompt. */
  readonly running: ReadonlyMap<string, () => void>;
  /** Workspaces at which people sit. */
  readonly attended: Set<string>;
  finish(prompt: string): Promise<void>;
  live(): Promise<readonly string[]>;
}

async function openPool(options: HouseOptions = {}): Promise<Pool> {
  const running = new Map<string, () => void>();
  const attended = new Set<string>();
  const house = await openHouse({
    async runTurn(prompt, observer) {
      if (prompt.startsWith('hold')) await new Promise<void>((resolve) => running.set(prompt, resolve));
      return answer(prompt, observer);
    },
    sleep: async (workspace) => !attended.has(workspace),
    ...options,
  });
  await house.start();
  return {
    ...house,
    running,
    attended,
    async finish(prompt) {
      (await until(() => running.get(prompt)))();
    },
    live: async () => (await house.driver.listLive()).toSorted(),
  };
}

const types = async ({ store }: House, workspace: string): Promise<readonly string[]> =>
  (await store.listEvents(0, 1_000)).filter((event) => event.workspace === workspace).map(({ type }) => type);

/** Runs a request to its end. */
const run = async (pool: Pool, workspace: string): Promise<void> =>
  void (await pool.ended(await pool.ask(workspace, `for ${workspace}`)));

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
    await pool.api.createSession('d', undefined);
    await until(async () => (await pool.live()).join() === 'a,c,d');
  });

  test('lets a session that has work left keep its place for ten seconds', async () => {
    await using pool = await openPool({ settings: { maxLiveSessions: 1, maxRunningTurns: 1 } });
    await pool.ask('a', 'hold a');
    await until(() => pool.running.has('hold a'));
    const other = await pool.ask('b', 'b');
    const next = await pool.ask('a', 'hold a again');
    const last = await pool.ask('a', 'the last of a');
    await pool.finish('hold a');
    await until(() => pool.running.has('hold a again'));
    pool.clock.advance(10_000);
    await pool.finish('hold a again');
    await pool.ended(next);
    await pool.ended(other);
    await pool.ended(last);
    expect(pool.driver.opened.map(({ workspace }) => workspace)).toEqual(['a', 'b', 'a']);
  });

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
    await pool.api.createSession('b', undefined);
    expect((await pool.api.health()).checks.sessions).toMatchObject({ live: 1 });
    expect(pool.driver.opened).toHaveLength(1);
    gone.resolve(true);
    expect(await pool.ended(id)).toMatchObject({ state: 'completed' });
    expect(pool.driver.most).toBe(1);
  });

  test('puts one session to sleep for one that waits, and not two', async () => {
    const gone = Promise.withResolvers<boolean>();
    await using pool = await openPool({ settings: { maxLiveSessions: 2 }, sleep: () => gone.promise });
    await run(pool, 'a');
    const held = await pool.ask('b', 'hold b');
    await until(() => pool.running.has('hold b'));
    const id = await pool.ask('c', 'c');
    await until(() => pool.clock.pending() === 1);
    await pool.finish('hold b');
    await pool.ended(held);
    await until(() => pool.clock.pending() === 1);
    gone.resolve(true);
    await pool.ended(id);
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
    await pool.api.deleteSession('b', true);
    expect(await pool.ended(waiting)).toMatchObject({ reason: 'session_deleted' });
    const last = await pool.ask('c', 'c');
    await pool.finish('hold a');
    expect(await pool.ended(last)).toMatchObject({ state: 'completed' });
  });

  test('is shown in health', async () => {
    await using pool = await openPool({ settings: { maxLiveSessions: 3 } });
    await run(pool, 'a');
    const { checks } = await pool.api.health();
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
    const views = await pool.api.listSessions();
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
    expect(await pool.api.listSessions()).toMatchObject([{ status: 'idle', attach: null, attached: 0, process: null }]);
  });
});

describe('a session that is created', () => {
  test('takes the place of the least recently used idle one', async () => {
    await using pool = await openPool({ settings: { maxLiveSessions: 1 } });
    await run(pool, 'a');
    await pool.api.createSession('b', undefined);
    await until(async () => (await pool.live()).join() === 'b');
    expect(await pool.api.readSession('a')).toMatchObject({ status: 'asleep', attach: null, process: null });
  });

  test('stays asleep without a free place, and nothing fails', async () => {
    await using pool = await openPool({ settings: { maxLiveSessions: 1 } });
    await pool.ask('a', 'hold a');
    await until(() => pool.running.has('hold a'));
    expect(await pool.api.createSession('b', undefined)).toMatchObject({ created: true });
    await until(() => pool.logged.includes('session.no_place'));
    expect(await pool.live()).toEqual(['a']);
    await pool.finish('hold a');
  });

  test('holds no place once it is warm', async () => {
    await using pool = await openPool({ settings: { maxLiveSessions: 1 } });
    await pool.api.createSession('a', undefined);
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
