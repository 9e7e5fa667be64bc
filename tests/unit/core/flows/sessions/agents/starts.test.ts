import { describe, expect, test } from '@jest/globals';
import { AgentStartError } from '../../../../../../src/core/ports/agent.ts';
import { until } from '../../../../../helpers/until.ts';
import { openHouse, type House } from '../../house.ts';

/** Agents that crash on their first so many starts. */
async function openCrashing(crashes: number): Promise<House> {
  let starts = 0;
  const house = await openHouse({
    async open() {
      if ((starts += 1) <= crashes) throw new AgentStartError('agent_exited', `It ended: ${starts}.`);
    },
  });
  await house.start();
  return house;
}

/** Waits until so many starts were tried and the next one is planned. */
async function untilTried(house: House, times: number): Promise<void> {
  await until(() => house.logged.filter((event) => event === 'session.crashed_on_start').length === times);
}

describe('an agent that crashes on start', () => {
  test('is started again after one second, and then after four', async () => {
    await using house = await openCrashing(2);
    const id = await house.ask('a', 'hello');
    await untilTried(house, 1);
    house.clock.advance(999);
    expect(house.driver.opened).toHaveLength(1);
    house.clock.advance(1);
    await untilTried(house, 2);
    house.clock.advance(3_999);
    expect(house.driver.opened).toHaveLength(2);
    house.clock.advance(1);
    expect(await house.ended(id)).toMatchObject({ state: 'completed', text: 'answer to hello' });
    expect(house.driver.opened).toHaveLength(3);
  });

  test('fails its requests after the third time with its last lines, and a later one tries anew', async () => {
    await using house = await openCrashing(3);
    const first = await house.ask('a', 'one');
    const second = await house.ask('a', 'two');
    await untilTried(house, 1);
    house.clock.advance(1_000);
    await untilTried(house, 2);
    house.clock.advance(4_000);
    const failed = { state: 'failed', reason: 'agent_exited', error: 'It ended: 3.' };
    expect(await house.ended(first)).toMatchObject(failed);
    expect(await house.ended(second)).toMatchObject(failed);
    expect(house.driver.opened).toHaveLength(3);
    house.clock.advance(1);
    expect(await house.ended(await house.ask('a', 'three'))).toMatchObject({ state: 'completed' });
  });

  test('keeps no later request from trying where the clock is set back', async () => {
    await using house = await openCrashing(3);
    const first = await house.ask('a', 'one');
    await untilTried(house, 1);
    house.clock.advance(1_000);
    await untilTried(house, 2);
    house.clock.advance(4_000);
    expect(await house.ended(first)).toMatchObject({ state: 'failed' });
    house.clock.set(-3_600_000);
    expect(await house.ended(await house.ask('a', 'two'))).toMatchObject({ state: 'completed' });
  });

  test('is not started again for a request that is cancelled meanwhile', async () => {
    await using house = await openCrashing(3);
    const id = await house.ask('a', 'hello');
    await untilTried(house, 1);
    await house.api.requests.cancel(id);
    expect(await house.ended(id)).toMatchObject({ state: 'cancelled' });
    // No start is planned, only the look at what waits too long.
    expect(house.clock.pending()).toBe(1);
    expect(house.driver.opened).toHaveLength(1);
  });

  test('at a dialog of its first run is not started again', async () => {
    await using house = await openHouse({
      open: async () => Promise.reject(new AgentStartError('agent_unavailable', 'It asks something.')),
    });
    await house.start();
    expect(await house.ended(await house.ask('a', 'hello'))).toMatchObject({ reason: 'agent_unavailable' });
    expect(house.driver.opened).toHaveLength(1);
  });
});
