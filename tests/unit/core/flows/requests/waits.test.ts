import { describe, expect, test } from '@jest/globals';
import { openHouse } from '../house.ts';

describe('waiting for an end', () => {
  test('brings the request as it stands when the caller gives up', async () => {
    await using house = await openHouse();
    const id = await house.ask('a', 'hello');
    const stop = new AbortController();
    const waited = house.api.requests.waitForEnd(id, stop.signal);
    stop.abort();
    expect(await waited).toMatchObject({ id, state: 'queued' });
    expect(await house.api.requests.waitForEnd(id, AbortSignal.abort())).toMatchObject({ state: 'queued' });
  });

  test('wakes all who wait, also those of a queued one that is cancelled', async () => {
    await using house = await openHouse();
    const id = await house.ask('a', 'hello');
    const waited = Promise.all([house.ended(id), house.ended(id)]);
    await house.api.requests.cancel(id);
    expect((await waited).map(({ state }) => state)).toEqual(['cancelled', 'cancelled']);
    expect(await house.ended(id)).toMatchObject({ state: 'cancelled' });
  });

  test('is not_found for an unknown one', async () => {
    await using house = await openHouse();
    await expect(house.ended('req-none')).rejects.toMatchObject({ code: 'not_found' });
  });
});
