import { describe, expect, test } from '@jest/globals';
import { usageOf } from '../../../helpers/examples.ts';
import { createFakeWorktrees } from '../../../helpers/fake-worktrees.ts';
import { openHouse } from './house.ts';

const ME = { transport: 'http', user_id: 'key', channel_id: 'quick', thread_id: null };
const DAY_MS = 86_400_000;
/** 30 millionths of a dollar. */
const paid = { runTurn: async () => ({ kind: 'completed', text: 'done', usage: usageOf(12, 3) }) as const };

describe('budgets', () => {
  test('of the day: what comes beyond it is refused until midnight, with the time until then', async () => {
    await using house = await openHouse({ ...paid, settings: { dailyMaxMicroUsd: 60 } });
    await house.start();
    await house.ended(await house.ask('one', 'a'));
    expect(await house.api.usage.today()).toMatchObject({ leftMicroUsd: 30, spent: { costMicroUsd: 30, requests: 1 } });
    await house.ended(await house.ask('two', 'b'));
    expect(await house.api.usage.today()).toMatchObject({ leftMicroUsd: 0 });
    const left = DAY_MS - (house.clock.now() % DAY_MS);
    await expect(house.ask('three', 'c')).rejects.toMatchObject({
      code: 'budget_spent',
      message: expect.stringContaining('DAILY_MAX_COST_USD'),
      retry: { afterMs: left },
    });
    house.clock.advance(left);
    expect((await house.ended(await house.ask('three', 'c'))).state).toBe('completed');
    expect(await house.api.usage.today()).toMatchObject({ leftMicroUsd: 30 });
  });

  test('of the day: no quick session begins, and no worktree is made for one', async () => {
    const worktrees = createFakeWorktrees();
    await using house = await openHouse({ worktrees, settings: { dailyMaxMicroUsd: 0 } });
    await house.start();
    await expect(house.api.quick.start('o/r')).rejects.toMatchObject({ code: 'budget_spent' });
    expect([worktrees.standing(), await house.store.listQuick()]).toEqual([[], []]);
  });

  test('of a quick session: its messages are refused for good, by whatever way, and others are not', async () => {
    const worktrees = createFakeWorktrees();
    await using house = await openHouse({ ...paid, worktrees, settings: { quickMaxMicroUsd: 30 } });
    await house.start();
    const { id } = (await house.api.quick.start('o/r')).session;
    await house.ended((await house.api.quick.send(id, 'a', ME)).id);
    const spent = { code: 'budget_spent', message: expect.stringContaining('QUICK_MAX_COST_USD'), retry: 'never' };
    await expect(house.api.quick.send(id, 'b', ME)).rejects.toMatchObject(spent);
    await expect(house.ask(id, 'b', { agent: 'claude-print' })).rejects.toMatchObject(spent);
    const other = (await house.api.quick.start('o/r')).session.id;
    expect((await house.ended((await house.api.quick.send(other, 'a', ME)).id)).state).toBe('completed');
    for (const prompt of ['a', 'b'])
      expect((await house.ended(await house.ask('plain', prompt))).state).toBe('completed');
  });

  test('are none unless they are set, and /health says what is left', async () => {
    await using house = await openHouse(paid);
    await house.start();
    await house.ended(await house.ask('one', 'a'));
    const { checks } = await house.api.health.check();
    expect(checks.store).toMatchObject({ healthy: true, today: { costUsd: 0.00003, leftUsd: null, unpriced: 0 } });
  });
});
