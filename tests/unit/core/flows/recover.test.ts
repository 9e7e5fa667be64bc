import { describe, expect, test } from '@jest/globals';
import type { RequestRecord } from '../../../../src/core/model/request.ts';
import { untilInterrupted, type FakeSession } from '../../../helpers/fake-driver.ts';
import { openHouse, type House } from './house.ts';

/** The flows of a second process: a first one left this turn working in a live agent. */
async function openSecondHouse(): Promise<House & { readonly left: RequestRecord; readonly session: FakeSession }> {
  const house: House = await openHouse({
    trace: async () => ({ kind: 'alive', session }),
    rejoinTurn: (_prompt, _offset, _observer, signal) => untilInterrupted(signal),
  });
  const session = house.driver.leave('a');
  await house.ask('a', 'long', { timeoutMs: 5_000 });
  const left = await house.store.claim('a', house.clock.now());
  if (left === null) throw new Error('nothing was claimed');
  await house.store.progress(left, { phase: 'working', transcriptOffset: 7 }, house.clock.now());
  return { ...house, left, session };
}

describe('a turn that is found working', () => {
  test('is interrupted when its cancel was asked before the restart', async () => {
    await using house = await openSecondHouse();
    await house.store.askCancel(house.left.id, house.clock.now());
    await house.start();
    expect(await house.ended(house.left.id)).toMatchObject({ state: 'cancelled', text: 'a part' });
    expect(house.session.rejoined).toEqual([{ prompt: 'long', transcriptOffset: 7 }]);
  });

  test('is interrupted when its deadline passed while no gateway ran', async () => {
    await using house = await openSecondHouse();
    house.clock.advance(6_000);
    await house.start();
    house.clock.advance(0);
    expect(await house.ended(house.left.id)).toMatchObject({ state: 'timed_out', text: 'a part' });
    expect(house.session.rejoined).toHaveLength(1);
  });
});
