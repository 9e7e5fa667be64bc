import { describe, expect, test } from '@jest/globals';
import { createTempFolder } from '../../../../helpers/temp-folder.ts';
import { openAsking, reopen, ask, pastWrites, read, hasState, stateOf } from './approvals-house.ts';

describe('the deadline of a turn', () => {
  test('stands still while an approval is open', async () => {
    await using house = await openAsking({ timeoutMs: 5_000 });
    house.clock.advance(2_000);
    const { dialog } = await ask(house);
    house.clock.advance(100_000);
    dialog.settle({ allowed: true, by: 'terminal' });
    await house.reached(house.id, 'working');
    house.clock.advance(2_999);
    expect(await stateOf(house)).toBe('running');
    house.clock.advance(1);
    expect(await house.ended(house.id)).toMatchObject({ state: 'timed_out', reason: 'turn_timeout' });
  });

  test('stands still until the last of those that overlap is settled', async () => {
    await using house = await openAsking({ timeoutMs: 5_000 });
    const one = await ask(house, 'use-1');
    house.clock.advance(100_000);
    const two = await ask(house, 'use-2');
    one.dialog.settle({ allowed: true, by: 'terminal' });
    await hasState(house, one.id, 'allowed');
    house.clock.advance(100_000);
    two.dialog.settle({ allowed: true, by: 'terminal' });
    await house.reached(house.id, 'working');
    house.clock.advance(4_999);
    expect(await stateOf(house)).toBe('running');
    house.clock.advance(1);
    expect(await house.ended(house.id)).toMatchObject({ state: 'timed_out' });
  });

  test('goes on once it is decided, though the agent never takes the decision', async () => {
    await using house = await openAsking({ timeoutMs: 5_000 });
    house.clock.advance(1_000);
    const open = await ask(house, 'use-1');
    house.clock.advance(100_000);
    const deciding = house.api.approvals.decide(open.id, { allow: true });
    const refused = expect(deciding).rejects.toMatchObject({ code: 'approval_decided' });
    await open.dialog.decided;
    house.clock.advance(4_000);
    expect(await house.ended(house.id)).toMatchObject({ state: 'timed_out' });
    await refused;
  });

  test('has stood still over a restart for one that was open', async () => {
    using folder = createTempFolder();
    const before = await openAsking({ folder: folder.path, timeoutMs: 5_000 });
    before.clock.advance(1_000);
    const settled = await ask(before, 'use-1');
    before.clock.advance(30_000);
    settled.dialog.settle({ allowed: true, by: 'terminal' });
    await before.reached(before.id, 'working');
    before.clock.advance(1_000);
    await ask(before, 'use-2');
    before.clock.advance(50_000);
    await before.drain();
    await using house = await reopen(before, folder.path, 20_000);
    await house.start();
    const { dialog } = await ask(house, 'use-2');
    house.clock.advance(40_000);
    dialog.settle({ allowed: true, by: 'terminal' });
    await house.reached(house.id, 'working');
    house.clock.advance(2_999);
    expect(await stateOf(house)).toBe('running');
    house.clock.advance(1);
    expect(await house.ended(house.id)).toMatchObject({ state: 'timed_out' });
  });
});

describe('an approval that nobody decides', () => {
  test('is denied after its time, and expired once the agent took that', async () => {
    await using house = await openAsking({ settings: { approvalTimeoutMs: 7_000 } });
    const { dialog, id } = await ask(house);
    house.clock.advance(6_999);
    await pastWrites(house);
    expect((await read(house, id)).decision).toBeNull();
    house.clock.advance(1);
    expect(await dialog.decided).toMatchObject({ allow: false, message: expect.stringContaining('Nobody answered') });
    dialog.settle({ allowed: false, by: 'decision' });
    expect(await hasState(house, id, 'expired')).toMatchObject({ decidedBy: 'timeout', decidedAt: house.clock.now() });
    await expect(house.api.approvals.decide(id, { allow: true })).rejects.toMatchObject({
      code: 'approval_decided',
      message: 'This approval has been decided: expired, for nobody answered in time',
    });
  });

  test('is allowed after all by a person who was faster at the terminal', async () => {
    await using house = await openAsking();
    const { dialog, id } = await ask(house);
    house.clock.advance(600_000);
    await dialog.decided;
    dialog.settle({ allowed: true, by: 'terminal' });
    expect(await hasState(house, id, 'allowed')).toMatchObject({ decidedBy: 'terminal', decision: null });
  });

  test('is not decided any more once it is settled', async () => {
    await using house = await openAsking();
    const { dialog, id } = await ask(house);
    dialog.settle({ allowed: false, by: 'terminal' });
    await house.reached(house.id, 'working');
    house.clock.advance(600_000);
    await pastWrites(house);
    expect(await read(house, id)).toMatchObject({ state: 'denied', decidedBy: 'terminal' });
    expect(dialog.given).toBeNull();
  });

  test('keeps its time over a restart', async () => {
    using folder = createTempFolder();
    const before = await openAsking({ folder: folder.path });
    const { id } = await ask(before);
    await using house = await reopen(before, folder.path, 599_999);
    await house.start();
    const { dialog } = await ask(house);
    await pastWrites(house);
    expect((await read(house, id)).decision).toBeNull();
    house.clock.advance(1);
    expect(await dialog.decided).toMatchObject({ allow: false });
  });

  test('and whose time passed while no gateway ran is denied when one is back', async () => {
    using folder = createTempFolder();
    const before = await openAsking({ folder: folder.path });
    await ask(before);
    await using house = await reopen(before, folder.path, 700_000);
    await house.start();
    const { dialog } = await ask(house);
    house.clock.advance(0);
    expect(await dialog.decided).toMatchObject({ allow: false });
  });
});
