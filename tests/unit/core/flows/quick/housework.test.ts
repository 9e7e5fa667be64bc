import { describe, expect, test } from '@jest/globals';
import { createFakeWorktrees } from '../../../../helpers/fake-worktrees.ts';
import { untilInterrupted } from '../../../../helpers/fake-driver.ts';
import { createTempFolder } from '../../../../helpers/temp-folder.ts';
import { until } from '../../../../helpers/until.ts';
import { openHouse, type House } from '../house.ts';

const HOUR_MS = 3_600_000;
const ME = { transport: 'http', user_id: 'key', channel_id: 'quick', thread_id: null };
const MADE = { path: '/worktrees/x', branch: 'quick/x', base: 'c0ffee', fetch: { kind: 'no_remote' } } as const;

async function startMany(house: House, count: number, repo = 'o/r'): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let nth = 0; nth < count; nth += 1) {
    ids.push((await house.api.quick.start(repo)).session.id);
    house.clock.advance(1_000);
  }
  return ids;
}

const idsOf = async (house: House): Promise<readonly string[]> =>
  (await house.store.listQuick()).map(({ id }) => id).toSorted();

describe('the cleanup', () => {
  test('ends what is a day old: its work is committed, and clients are told before it is gone', async () => {
    const worktrees = createFakeWorktrees();
    await using house = await openHouse({ worktrees });
    await house.start();
    const [old] = await startMany(house, 1);
    house.clock.advance(18 * HOUR_MS);
    const [young] = await startMany(house, 1);
    house.clock.advance(7 * HOUR_MS);
    await until(async () => (await idsOf(house)).length === 1);
    expect(await idsOf(house)).toEqual([young]);
    expect(worktrees.calls.slice(-2)).toEqual([`commit ${old}`, `remove ${old}`]);
    const told = (await house.store.listEvents(0, 99, { workspace: old ?? '' })).map(({ type }) => type);
    expect(told.filter((type) => type.startsWith('quick.'))).toEqual([
      'quick.started',
      'quick.expired',
      'quick.deleted',
    ]);
  });

  test('keeps the ten of a repository that were used last', async () => {
    await using house = await openHouse({ worktrees: createFakeWorktrees() });
    await house.start();
    const ids = await startMany(house, 12);
    const others = await startMany(house, 2, 'o/other');
    await house.ended((await house.api.quick.send(ids[0] ?? '', 'used', ME)).id);
    house.clock.advance(6 * HOUR_MS);
    await until(async () => (await idsOf(house)).length === 12);
    expect(await idsOf(house)).toEqual([ids[0], ...ids.slice(3), ...others].toSorted());
  });

  test('leaves one that works to the next time', async () => {
    await using house = await openHouse({
      worktrees: createFakeWorktrees(),
      runTurn: (_prompt, _observer, signal) => untilInterrupted(signal),
      settings: { turnTimeoutMs: 86_400_000 },
    });
    await house.start();
    const timers = house.clock.pending();
    const [busy, idle] = await startMany(house, 2);
    house.clock.advance(20 * HOUR_MS);
    await until(() => house.clock.pending() === timers);
    await house.api.quick.send(busy ?? '', 'work', ME);
    await until(() => house.driver.sessions[0]?.prompts.length === 1);
    expect(await idsOf(house)).toEqual([busy, idle]);
    house.clock.advance(7 * HOUR_MS);
    await until(async () => (await idsOf(house)).length === 1);
    expect(await idsOf(house)).toEqual([busy]);
  });
});

describe('a start after a crash', () => {
  test('removes what was being made, goes on with each end, and sweeps what nobody knows', async () => {
    using folder = createTempFolder();
    const worktrees = createFakeWorktrees();
    const ids: string[] = [];
    {
      await using first = await openHouse({ folder: folder.path });
      for (let nth = 0; nth < 4; nth += 1) {
        const { id } = await first.store.beginQuick('o/r', first.clock.now());
        worktrees.leave(id);
        if (nth > 0) await first.store.readyQuick(id, MADE, first.clock.now());
        ids.push(id);
      }
      await first.store.removeQuick(ids[1] ?? '');
      await first.store.expireQuick(ids[2] ?? '', first.clock.now());
      worktrees.leave('quick-1');
    }
    await using house = await openHouse({ folder: folder.path, worktrees });
    await house.start();
    await until(() => worktrees.standing().length === 1);
    expect([worktrees.standing(), await idsOf(house)]).toEqual([[ids[3]], [ids[3]]]);
    expect(worktrees.calls.filter((call) => call.startsWith('commit'))).toEqual([`commit ${ids[2]}`]);
    expect((await house.store.listSessions()).map(({ workspace }) => workspace)).toEqual([ids[3]]);
  });

  test('leaves alone what begins before the cleanup looks', async () => {
    const adding = Promise.withResolvers<void>();
    const worktrees = createFakeWorktrees((plain) => ({
      async add(name, signal) {
        await adding.promise;
        return plain.add(name, signal);
      },
    }));
    await using house = await openHouse({ worktrees });
    const begun = house.api.quick.start('o/r');
    await until(async () => (await idsOf(house)).length === 1);
    await house.start();
    adding.resolve();
    const { session } = await begun;
    expect(worktrees.standing()).toEqual([session.id]);
    expect(worktrees.calls.filter((call) => call.startsWith('remove'))).toEqual([]);
  });
});
