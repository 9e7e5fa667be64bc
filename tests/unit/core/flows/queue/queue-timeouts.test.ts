import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { untilInterrupted, type Script } from '../../../../helpers/fake-driver.ts';
import { until } from '../../../../helpers/until.ts';
import { openHouse } from '../house.ts';

const WAIT_MS = 50_000;
const settings = { queueTimeoutMs: WAIT_MS };
const forever: Script = (_prompt, _observer, signal) => untilInterrupted(signal);
const timedOut = { state: 'timed_out', reason: 'queue_timeout', retryable: true, startedAt: null };

describe('a request that waits too long', () => {
  test('ends at its time, wakes who waits for it, and says what to do', async () => {
    await using house = await openHouse({ settings, runTurn: forever });
    await house.start();
    await house.reached(await house.ask('a', 'long'), 'preparing');
    const id = await house.ask('a', 'waits');
    const woken = house.ended(id);
    house.clock.advance(WAIT_MS);
    const request = await woken;
    expect(request).toMatchObject({ ...timedOut, completedAt: request.createdAt + WAIT_MS });
    expect(request.error).toMatch(/within 50000 ms.*Send the request again/);
  });

  test('is not ended a millisecond before its time', async () => {
    await using house = await openHouse({ settings, runTurn: forever });
    await house.start();
    await house.reached(await house.ask('a', 'long'), 'preparing');
    house.clock.advance(1);
    const first = await house.ask('a', 'first');
    house.clock.advance(1);
    const second = await house.ask('a', 'second');
    house.clock.advance(WAIT_MS - 2);
    // Each look sets the timer for the next, beside the deadline of the turn.
    await until(() => house.clock.pending() === 2);
    house.clock.advance(1);
    expect(await house.ended(first)).toMatchObject(timedOut);
    expect((await house.api.requests.read(second)).request.state).toBe('queued');
    await until(() => house.clock.pending() === 2);
    house.clock.advance(1);
    expect(await house.ended(second)).toMatchObject(timedOut);
  });

  test('takes one timer, however many wait', async () => {
    await using house = await openHouse({ settings, runTurn: forever });
    await house.start();
    await house.reached(await house.ask('a', 'long'), 'preparing');
    for (let n = 0; n < 20; n += 1) await house.ask('a', `${n}`);
    // The other one is the deadline of the turn.
    expect(house.clock.pending()).toBe(2);
  });

  test('ends while its agent is paused too', async () => {
    await using house = await openHouse({
      settings,
      runTurn: async () => ({ kind: 'failed', reason: 'usage_limited', error: 'Come back at 5.', text: null }),
      probe: async () => ({ kind: 'refuses', error: 'Come back at 5.' }),
    });
    await house.start();
    await house.ended(await house.ask('a', 'limited'));
    const id = await house.ask('a', 'waits');
    expect((await house.api.requests.read(id)).pause).toMatchObject({ reason: 'usage_limited' });
    house.clock.advance(WAIT_MS);
    expect(await house.ended(id)).toMatchObject(timedOut);
  });

  test('and was overdue when the gateway starts ends before anything is claimed', async () => {
    const folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'gatehouse-overdue-')));
    try {
      let id = '';
      {
        await using earlier = await openHouse({ settings, folder });
        id = await earlier.ask('a', 'overdue');
      }
      await using house = await openHouse({ settings, folder });
      house.clock.advance(WAIT_MS);
      await house.start();
      expect(await house.ended(id)).toMatchObject(timedOut);
      expect(house.driver.opened).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('and is not yet overdue when the gateway starts ends at its time', async () => {
    await using house = await openHouse({ settings, runTurn: forever });
    await house.ask('a', 'long');
    const id = await house.ask('a', 'waits');
    house.clock.advance(WAIT_MS - 1);
    await house.start();
    await until(async () => (await house.store.listQueued('a')).length === 1);
    house.clock.advance(1);
    expect(await house.ended(id)).toMatchObject(timedOut);
  });

  test('ends once the disk takes it', async () => {
    let refusals = 1;
    await using house = await openHouse({
      settings,
      runTurn: forever,
      wrapStore: (store) => ({
        ...store,
        endOverdue: (acceptedUntil, end, now) =>
          acceptedUntil > 1_700_000_000_000 - WAIT_MS && refusals-- > 0
            ? Promise.reject(new Error('disk is full'))
            : store.endOverdue(acceptedUntil, end, now),
      }),
    });
    await house.start();
    await house.reached(await house.ask('a', 'long'), 'preparing');
    const id = await house.ask('a', 'waits');
    house.clock.advance(WAIT_MS);
    await until(() => house.logged.includes('queue.look_failed'));
    house.clock.advance(1_000);
    expect(await house.ended(id)).toMatchObject(timedOut);
  });

  test('and leaves its queue makes way for the next', async () => {
    const gate = Promise.withResolvers<void>();
    await using house = await openHouse({
      settings: { ...settings, turnTimeoutMs: 10 * WAIT_MS },
      async runTurn(prompt) {
        if (prompt === 'long') await gate.promise;
        return { kind: 'completed', text: prompt, usage: null };
      },
    });
    await house.start();
    const long = await house.ask('a', 'long');
    await house.reached(long, 'preparing');
    const waits = await house.ask('a', 'waits');
    house.clock.advance(1);
    const next = await house.ask('a', 'next');
    house.clock.advance(WAIT_MS - 1);
    expect(await house.ended(waits)).toMatchObject(timedOut);
    gate.resolve();
    expect(await house.ended(next)).toMatchObject({ state: 'completed', text: 'next' });
  });
});
