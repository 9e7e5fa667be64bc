import { describe, expect, test } from '@jest/globals';
import { GatewayError } from '../../../../../src/core/model/errors.ts';
import type { Store } from '../../../../../src/core/ports/store.ts';
import { until } from '../../../../helpers/until.ts';
import { openHouse } from '../house.ts';

type Step = 'progress' | 'readRules' | 'updateSession';

/** A store of which one step fails while the database is away. */
function away(step: Step, error: Error = new GatewayError('storage_unavailable', 'away')) {
  const database = { isAway: true };
  const wrapStore = (store: Store): Store => ({
    ...store,
    [step]: async (...args: never[]) => {
      if (database.isAway) throw error;
      return (store[step] as (...args: never[]) => unknown)(...args);
    },
  });
  return { database, wrapStore };
}

describe('a turn while the database is away', () => {
  test.each([
    ['progress', 'turn.step_waits'],
    ['readRules', 'session.start_waits'],
    ['updateSession', 'session.start_waits'],
  ] as const)('waits with what needs %s, and goes on when it is back', async (step, event) => {
    const { database, wrapStore } = away(step);
    await using house = await openHouse({ wrapStore });
    await house.start();
    const id = await house.ask('a', 'hello');
    await until(() => house.logged.includes(event));
    database.isAway = false;
    house.clock.advance(1_000);
    expect(await house.ended(id)).toMatchObject({ state: 'completed', text: 'answer to hello' });
    expect(house.driver.sessions).toHaveLength(1);
  });

  test('is cancelled then, too', async () => {
    const { wrapStore } = away('progress');
    await using house = await openHouse({ wrapStore });
    await house.start();
    const id = await house.ask('a', 'hello');
    await until(() => house.logged.includes('turn.step_waits'));
    await house.api.requests.cancel(id);
    house.clock.advance(1_000);
    expect(await house.ended(id)).toMatchObject({ state: 'cancelled' });
  });

  test('fails with what does not pass by itself', async () => {
    const { wrapStore } = away('progress', new Error('no such column'));
    await using house = await openHouse({ wrapStore });
    await house.start();
    expect(await house.ended(await house.ask('a', 'hello'))).toMatchObject({ state: 'failed', reason: 'internal' });
  });
});
