import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { PRIORITIES } from '../../src/core/model/request.ts';
import {
  aRequest,
  CANCELLED,
  COMPLETED,
  drain,
  enqueue,
  eventTypes,
  mustClaim,
  type OpenStore,
  runNext,
  T0,
  withStore,
} from './store-fixtures.ts';

const FIVE_MINUTES = 300_000;

export function describeClaiming(open: OpenStore, share = 1): void {
  describe('claiming', () => {
    test('a claimed request is running, preparing, and of the next epoch', () =>
      withStore(open, async ({ store }) => {
        await enqueue(store, aRequest('a'));
        const claimed = await store.claim('demo', T0 + 5);
        expect(claimed).toMatchObject({ id: 'a', state: 'running', phase: 'preparing', epoch: 1, retries: 0 });
        expect(claimed?.startedAt).toBe(T0 + 5);
        expect(await store.readRequest('a')).toEqual(claimed);
        expect(await eventTypes(store)).toEqual(['session.created', 'request.queued', 'request.started']);
      }));

    test('an empty queue yields nothing', () =>
      withStore(open, async ({ store }) => {
        expect(await store.claim('demo', T0)).toBeNull();
      }));

    test('of 24 claimers at once one gets the turn, and none while it runs', () =>
      withStore(open, async ({ store }) => {
        await enqueue(store, aRequest('a'), aRequest('b'));
        const claims = await Promise.all(Array.from({ length: 24 }, () => store.claim('demo', T0)));
        expect(claims.filter((claim) => claim !== null).map((claim) => claim.id)).toEqual(['a']);
        expect(await store.claim('demo', T0)).toBeNull();
      }));

    test('sessions run side by side', () =>
      withStore(open, async ({ store }) => {
        await enqueue(store, aRequest('a'), aRequest('b', { workspace: 'other' }));
        const claims = await Promise.all([store.claim('demo', T0), store.claim('other', T0)]);
        expect(claims.map((claim) => claim?.id)).toEqual(['a', 'b']);
      }));

    test('higher classes go first, and inside one the first come', () =>
      withStore(open, async ({ store }) => {
        await enqueue(
          store,
          aRequest('background', { priority: 'background' }),
          aRequest('normal-1'),
          aRequest('high', { priority: 'high' }),
          aRequest('normal-2'),
          aRequest('interactive', { priority: 'interactive' }),
        );
        expect(await drain(store)).toEqual(['interactive', 'high', 'normal-1', 'normal-2', 'background']);
      }));

    test('a request that ten later ones overtook goes first', () =>
      withStore(open, async ({ store }) => {
        await enqueue(store, aRequest('slow', { priority: 'background' }), ...interactive(12));
        const order = await drain(store);
        expect(order.indexOf('slow')).toBe(10);
      }));

    test('overtakings count after a restart too', () =>
      withStore(open, async (bench) => {
        await enqueue(bench.store, aRequest('slow', { priority: 'background' }), ...interactive(12));
        for (let n = 0; n < 6; n += 1) await runNext(bench.store);
        const store = await bench.reopen();
        expect((await drain(store)).indexOf('slow')).toBe(4);
      }));

    test('a later request that ended without a turn overtook nobody', () =>
      withStore(open, async ({ store }) => {
        await enqueue(store, aRequest('slow', { priority: 'background' }), ...interactive(12));
        for (let n = 0; n < 11; n += 1) await store.endQueued(`i${n}`, CANCELLED, T0);
        expect(await drain(store)).toEqual(['i11', 'slow']);
      }));

    test('turns of other sessions overtake nobody', () =>
      withStore(open, async ({ store }) => {
        const others = interactive(12).map((request) => ({ ...request, workspace: 'other' }));
        await enqueue(store, aRequest('slow', { priority: 'background' }), ...others);
        for (let n = 0; n < 12; n += 1) await runNext(store, T0, 'other');
        await enqueue(store, aRequest('fast', { priority: 'interactive' }));
        expect(await drain(store)).toEqual(['fast', 'slow']);
      }));

    test('a request that has waited for five minutes goes first, the oldest of them before all', () =>
      withStore(open, async ({ store }) => {
        await enqueue(
          store,
          aRequest('old', { priority: 'background' }),
          aRequest('old-normal'),
          aRequest('young', { priority: 'interactive', createdAt: T0 + 1 }),
        );
        expect(await drain(store, T0 + FIVE_MINUTES)).toEqual(['old', 'old-normal', 'young']);
      }));

    test('a millisecond before five minutes the class still decides', () =>
      withStore(open, async ({ store }) => {
        await enqueue(
          store,
          aRequest('old', { priority: 'background' }),
          aRequest('young', { priority: 'interactive' }),
        );
        expect(await drain(store, T0 + FIVE_MINUTES - 1)).toEqual(['young', 'old']);
      }));

    test('a requeued request goes before later ones of its class', () =>
      withStore(open, async ({ store }) => {
        await enqueue(store, aRequest('a'), aRequest('b'));
        const turn = await mustClaim(store);
        await store.requeue(turn, T0);
        expect(await mustClaim(store)).toMatchObject({ id: 'a', epoch: 2, retries: 1 });
      }));

    test('for any mix of classes the order is by class, then arrival, with at most ten overtakings', () =>
      fc.assert(
        fc.asyncProperty(fc.array(fc.constantFrom(...PRIORITIES), { minLength: 1, maxLength: 40 }), (classes) =>
          withStore(open, async ({ store }) => {
            await enqueue(store, ...classes.map((priority, n) => aRequest(String(n), { priority })));
            expect((await drain(store)).map(Number)).toEqual(toExpectedOrder(classes));
          }),
        ),
        { numRuns: Math.ceil(25 * share) },
      ));
  });

  describe('heads', () => {
    test('a head is the highest class that waits, and ages with the oldest request', () =>
      withStore(open, async ({ store }) => {
        expect(await store.readHead('demo')).toBeNull();
        await enqueue(store, aRequest('old', { priority: 'background' }), aRequest('young', { createdAt: T0 + 1 }));
        expect(await store.readHead('demo')).toEqual({ priority: 'normal', agedAt: T0 + FIVE_MINUTES });
        expect(await store.readHead('other')).toBeNull();
      }));

    test('a head has aged once ten later ones overtook it, and no longer when it is gone', () =>
      withStore(open, async ({ store }) => {
        await enqueue(store, aRequest('slow', { priority: 'background' }), ...interactive(11));
        for (let n = 0; n < 9; n += 1) await runNext(store);
        expect(await store.readHead('demo')).toEqual({ priority: 'interactive', agedAt: T0 + FIVE_MINUTES });
        await runNext(store);
        expect(await store.readHead('demo')).toEqual({ priority: 'interactive', agedAt: 0 });
        expect(await runNext(store)).toBe('slow');
        expect(await store.readHead('demo')).toEqual({ priority: 'interactive', agedAt: T0 + FIVE_MINUTES });
      }));

    test('for any mix the head tells what the claim then takes', () =>
      fc.assert(
        fc.asyncProperty(
          fc.array(fc.constantFrom(...PRIORITIES), { minLength: 1, maxLength: 30 }),
          fc.nat({ max: 40_000 }),
          (classes, step) =>
            withStore(open, async ({ store }) => {
              const created = (n: number): number => T0 + n * step;
              await enqueue(
                store,
                ...classes.map((priority, n) => aRequest(`${n}`, { priority, createdAt: created(n) })),
              );
              for (let now = created(classes.length); ; now += step) {
                const head = await store.readHead('demo');
                const oldest = (await store.listQueued('demo'))[0];
                const claimed = await store.claim('demo', now);
                if (head === null || claimed === null) return expect([head, claimed]).toEqual([null, null]);
                if (head.agedAt <= now) expect(claimed.id).toBe(oldest?.id);
                else expect(claimed.priority).toBe(head.priority);
                await store.end(claimed, COMPLETED, now);
              }
            }),
        ),
        { numRuns: Math.ceil(25 * share) },
      ));
  });

  describe('positions', () => {
    test('a position is 1 for the next one to be claimed, and null when not queued', () =>
      withStore(open, async ({ store }) => {
        await enqueue(store, aRequest('running'));
        await mustClaim(store);
        await enqueue(store, aRequest('second'), aRequest('first', { priority: 'high' }), aRequest('third'));
        const ids = ['first', 'second', 'third', 'running', 'unknown'];
        expect(await Promise.all(ids.map((id) => store.readPosition(id)))).toEqual([1, 2, 3, null, null]);
      }));

    test('positions heed the five minutes', () =>
      withStore(open, async ({ store, setNow }) => {
        await enqueue(
          store,
          aRequest('old', { priority: 'background' }),
          aRequest('young', { priority: 'high', createdAt: T0 + 1 }),
        );
        expect([await store.readPosition('old'), await store.readPosition('young')]).toEqual([2, 1]);
        setNow(T0 + FIVE_MINUTES);
        expect([await store.readPosition('old'), await store.readPosition('young')]).toEqual([1, 2]);
      }));

    test('positions heed the ten overtakings', () =>
      withStore(open, async ({ store }) => {
        await enqueue(store, aRequest('slow', { priority: 'background' }), ...interactive(11));
        for (let n = 0; n < 10; n += 1) await runNext(store);
        expect([await store.readPosition('slow'), await store.readPosition('i10')]).toEqual([1, 2]);
      }));
  });
}

function interactive(count: number) {
  return Array.from({ length: count }, (_, n) => aRequest(`i${n}`, { priority: 'interactive' }));
}

/** The rule in its plainest form: a counter at each that waits. */
function toExpectedOrder(classes: readonly (typeof PRIORITIES)[number][]): readonly number[] {
  let waiting = classes.map((priority, arrival) => ({ arrival, rank: PRIORITIES.indexOf(priority), overtaken: 0 }));
  const order: number[] = [];
  while (waiting.length > 0) {
    const aged = waiting.find((one) => one.overtaken >= 10);
    const next = aged ?? waiting.toSorted((a, b) => a.rank - b.rank || a.arrival - b.arrival)[0];
    if (next === undefined) break;
    order.push(next.arrival);
    waiting = waiting
      .filter((one) => one !== next)
      .map((one) => (one.arrival < next.arrival ? { ...one, overtaken: one.overtaken + 1 } : one));
  }
  return order;
}
