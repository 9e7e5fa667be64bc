import { describe, expect, test } from '@jest/globals';
import type { Store } from '../../../../../src/core/ports/store.ts';
import { createTempFolder } from '../../../../helpers/temp-folder.ts';
import { until } from '../../../../helpers/until.ts';
import { ALLOW, DENY, GIVEN_DENY, LS, openAsking, reopen, ask, read, hasState, remember } from './approvals-house.ts';
import { type House } from '../house.ts';

describe('a restart', () => {
  test('leaves an open approval open, and what it was about is asked for again', async () => {
    using folder = createTempFolder();
    const before = await openAsking({ folder: folder.path });
    const { dialog: lost, id } = await ask(before);
    await using house = await reopen(before, folder.path);
    await house.start();
    await until(() => house.driver.sessions[0]?.rejoined.length === 1);
    expect(house.driver.sessions[0]?.rejoined[0]?.open).toMatchObject([lost.ask]);
    const { dialog } = await ask(house);
    const deciding = house.api.approvals.decide(id, { allow: true });
    expect(await dialog.decided).toEqual(ALLOW);
    dialog.settle({ allowed: true, by: 'decision' });
    expect(await deciding).toMatchObject({ id, state: 'allowed' });
    expect((await house.api.approvals.list({}, 100)).total).toBe(1);
  });

  test('hands over a decision that was on disk before it', async () => {
    using folder = createTempFolder();
    const before = await openAsking({ folder: folder.path });
    const { dialog: lost, id } = await ask(before);
    const deciding = before.api.approvals.decide(id, GIVEN_DENY);
    await lost.decided;
    await before.drain();
    await deciding;
    await using house = await reopen(before, folder.path);
    await house.start();
    const { dialog } = await ask(house);
    expect(await dialog.decided).toEqual(DENY);
    dialog.settle({ allowed: false, by: 'decision' });
    expect(await hasState(house, id, 'denied')).toMatchObject({ decidedBy: 'api' });
  });

  test('hands over a decision that came before the agent asked again', async () => {
    using folder = createTempFolder();
    const before = await openAsking({ folder: folder.path });
    const { id } = await ask(before);
    await using house = await reopen(before, folder.path);
    await house.start();
    expect(await house.api.approvals.decide(id, { allow: true })).toMatchObject({ state: 'open', decision: ALLOW });
    const { dialog } = await ask(house);
    expect(await dialog.decided).toEqual(ALLOW);
  });

  test('hands over a decision of the very tick in which the agent asks again', async () => {
    using folder = createTempFolder();
    const before = await openAsking({ folder: folder.path });
    const { id } = await ask(before);
    await using house = await reopen(before, folder.path);
    await house.start();
    await until(() => house.driver.sessions[0]?.rejoined.length === 1);
    const asking = house.agent.ask('use-1');
    const deciding = house.api.approvals.decide(id, { allow: true });
    const dialog = await asking;
    expect(await dialog.decided).toEqual(ALLOW);
    dialog.settle({ allowed: true, by: 'decision' });
    await deciding;
  });
});

describe('a drain', () => {
  test('leaves approvals open and their turns running, and a caller who waits is answered', async () => {
    await using house = await openAsking();
    const [one, two] = [await ask(house, 'use-1'), await ask(house, 'use-2')];
    const deciding = house.api.approvals.decide(one.id, { allow: true });
    await one.dialog.decided;
    await house.drain();
    expect(await deciding).toMatchObject({ state: 'open', decision: ALLOW });
    expect(await read(house, two.id)).toMatchObject({ state: 'open', decision: null });
    expect(await house.store.readRequest(house.id)).toMatchObject({ state: 'running', phase: 'waiting_approval' });
  });
});

describe('a disk that refuses for a while', () => {
  /** Writes of this name are refused while `isFull`. */
  function failing(name: keyof Store) {
    const disk = { isFull: true };
    const wrapStore = (store: Store): Store => ({
      ...store,
      [name]: (...args: never[]) =>
        disk.isFull
          ? Promise.reject(new Error('the disk is full'))
          : (store[name] as (...all: never[]) => Promise<unknown>)(...args),
    });
    return { disk, wrapStore };
  }

  async function recovers(house: House, disk: { isFull: boolean }, event: string): Promise<void> {
    await until(() => house.logged.includes(event));
    disk.isFull = false;
    house.clock.advance(1_000);
  }

  test('delays an approval', async () => {
    const { disk, wrapStore } = failing('openApproval');
    await using house = await openAsking({ wrapStore });
    const asking = ask(house);
    await recovers(house, disk, 'approval.not_stored');
    const { dialog, id } = await asking;
    const deciding = house.api.approvals.decide(id, { allow: true });
    expect(await dialog.decided).toEqual(ALLOW);
    dialog.settle({ allowed: true, by: 'decision' });
    expect(await deciding).toMatchObject({ state: 'allowed' });
  });

  test('hands over no decision that is not on it', async () => {
    const { disk, wrapStore } = failing('decideApproval');
    await using house = await openAsking({ wrapStore });
    const { dialog, id } = await ask(house);
    await expect(house.api.approvals.decide(id, { allow: true })).rejects.toThrow('the disk is full');
    expect(dialog.given).toBeNull();
    disk.isFull = false;
    const deciding = house.api.approvals.decide(id, GIVEN_DENY);
    expect(await dialog.decided).toEqual(DENY);
    dialog.settle({ allowed: false, by: 'decision' });
    await deciding;
  });

  test('delays a time-out', async () => {
    const { disk, wrapStore } = failing('decideApproval');
    await using house = await openAsking({ wrapStore });
    const { dialog } = await ask(house);
    house.clock.advance(600_000);
    await recovers(house, disk, 'approval.not_decided');
    expect(await dialog.decided).toMatchObject({ allow: false });
  });

  test('delays what became of a prompt, and with it the end of the turn', async () => {
    const { disk, wrapStore } = failing('settleApproval');
    await using house = await openAsking({ wrapStore });
    const { dialog, id } = await ask(house);
    dialog.settle({ allowed: true, by: 'terminal' });
    house.agent.finish();
    await recovers(house, disk, 'approval.end_not_stored');
    await house.ended(house.id);
    expect(await read(house, id)).toMatchObject({ state: 'allowed', decidedBy: 'terminal' });
  });

  test('delays a decision by a rule', async () => {
    const { disk, wrapStore } = failing('readRules');
    disk.isFull = false;
    await using house = await openAsking({ wrapStore });
    await remember(house);
    disk.isFull = true;
    const { dialog } = await ask(house, 'use-2', { rules: [LS] });
    await recovers(house, disk, 'approval.not_decided');
    expect(await dialog.decided).toMatchObject({ allow: true });
  });
});
