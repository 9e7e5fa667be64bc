import { describe, expect, test } from '@jest/globals';
import { untilInterrupted } from '../../../helpers/fake-driver.ts';
import { until } from '../../../helpers/until.ts';
import { openHouse, toSubmission } from './house.ts';

describe('a gateway that drains', () => {
  test('takes no submissions and no sessions, and says when to come again', async () => {
    await using house = await openHouse();
    await house.start();
    await house.drain();
    const refusal = { code: 'draining', retry: { afterMs: 5_000 } };
    await expect(house.api.requests.submit(toSubmission('a', 'hello'))).rejects.toMatchObject(refusal);
    await expect(house.api.sessions.create('a', undefined)).rejects.toMatchObject(refusal);
    expect(house.api.health.isReady()).toBe(false);
    expect(await house.store.listUnended()).toEqual([]);
    expect(await house.store.listSessions()).toEqual([]);
  });

  test('lets a turn under way go, and it stays running in the store', async () => {
    let isInterrupted = false;
    await using house = await openHouse({
      async runTurn(_prompt, _observer, signal) {
        const end = await untilInterrupted(signal);
        isInterrupted = true;
        return end;
      },
    });
    await house.start();
    const id = await house.ask('a', 'hello');
    const queued = await house.ask('a', 'queued');
    await until(() => house.driver.sessions[0]?.prompts.length === 1);
    await house.drain();
    expect(await house.store.readRequest(id)).toMatchObject({ state: 'running' });
    expect(await house.store.readRequest(queued)).toMatchObject({ state: 'queued' });
    expect(isInterrupted).toBe(false);
    expect(await house.driver.listLive()).toEqual(['a']);
  });

  test('is not made ready by a recovery that ends afterwards', async () => {
    await using house = await openHouse();
    const started = house.start();
    await house.drain();
    await started;
    expect(house.api.health.isReady()).toBe(false);
  });
});
