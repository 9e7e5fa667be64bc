import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { EventRecord } from '../../src/core/model/event.ts';
import type { Store } from '../../src/core/ports/store.ts';
import {
  aRequest,
  CANCELLED,
  COMPLETED,
  enqueue,
  mustClaim,
  type OpenStore,
  runNext,
  T0,
  withStore,
} from './store-fixtures.ts';

const FRONT = 3;

/** Where each one stands, by what the events say. */
function placesIn(events: readonly EventRecord[]): ReadonlyMap<string, number> {
  const places = new Map<string, number>();
  for (const { type, requestId, data } of events) {
    if (requestId === null) continue;
    if (type === 'request.queued' || type === 'request.moved') {
      if (data['position'] !== null) places.set(requestId, Number(data['position']));
    } else places.delete(requestId);
  }
  return places;
}

const movesIn = (events: readonly EventRecord[]): readonly unknown[] =>
  events.flatMap(({ type, requestId, data }) => (type === 'request.moved' ? [[requestId, data['position']]] : []));

async function after(store: Store, act: () => Promise<unknown>): Promise<readonly EventRecord[]> {
  const { last } = await store.readEventSpan();
  await act();
  return store.listEvents(last, 10_000);
}

export function describeMoves(open: OpenStore, share = 1): void {
  describe('places in a queue', () => {
    test('near the front are told as they change: by a claim, a cancel, a higher class and a return', () =>
      withStore(open, async ({ store }) => {
        await enqueue(store, aRequest('a'), aRequest('b'), aRequest('c'));
        const claimed = await after(store, () => store.claim('demo', T0));
        expect(movesIn(claimed)).toEqual([
          ['b', 1],
          ['c', 2],
        ]);
        expect(movesIn(await after(store, () => enqueue(store, aRequest('d', { priority: 'high' }))))).toEqual([
          ['b', 2],
          ['c', 3],
        ]);
        expect(movesIn(await after(store, () => store.endQueued('b', CANCELLED, T0)))).toEqual([['c', 2]]);
        const turn = { id: 'a', epoch: 1 };
        expect(movesIn(await after(store, () => store.requeue(turn, T0)))).toEqual([
          ['a', 2],
          ['c', 3],
        ]);
      }));

    test('are part of what a queued request is told with, near the front only', () =>
      withStore(open, async ({ store }) => {
        const ids = ['a', 'b', 'c', 'd'];
        const events = await after(store, () => enqueue(store, ...ids.map((id) => aRequest(id))));
        const queued = events.filter(({ type }) => type === 'request.queued');
        expect(queued.map(({ data }) => data['position'])).toEqual([1, 2, 3, null]);
      }));

    test('of a queue that times out are told in every session', () =>
      withStore(open, async ({ store }) => {
        await enqueue(store, aRequest('old'), aRequest('young', { createdAt: T0 + 1 }));
        const timedOut = { ...CANCELLED, state: 'timed_out', reason: 'queue_timeout' } as const;
        expect(movesIn(await after(store, () => store.endOverdue(T0, timedOut, T0 + 9)))).toEqual([['young', 1]]);
      }));

    test('cost a deep queue no more events than a short one', () =>
      withStore(open, async ({ store }) => {
        await enqueue(store, ...Array.from({ length: 200 }, (_, index) => aRequest(`r${index}`)));
        await runNext(store);
        const events = await after(store, () => mustClaim(store));
        expect(movesIn(events)).toHaveLength(FRONT);
      }));

    test('are, by the events, those that the queue has, whatever happens to it', () =>
      fc.assert(
        fc.asyncProperty(
          fc.array(
            fc.oneof(
              { weight: 4, arbitrary: fc.constantFrom('normal' as const, 'high' as const, 'background' as const) },
              { weight: 3, arbitrary: fc.constantFrom('run' as const, 'requeue' as const) },
              { weight: 1, arbitrary: fc.nat(20).map((cancel) => ({ cancel })) },
            ),
            { minLength: 5, maxLength: 40 },
          ),
          (deeds) =>
            withStore(open, async ({ store }) => {
              for (const [index, deed] of deeds.entries()) {
                if (typeof deed === 'object') await store.endQueued(`r${deed.cancel}`, CANCELLED, T0);
                else if (deed === 'run' || deed === 'requeue') {
                  const turn = await store.claim('demo', T0);
                  if (turn !== null && deed === 'run') await store.end(turn, COMPLETED, T0);
                  if (turn !== null && deed === 'requeue') await store.requeue(turn, T0);
                } else await enqueue(store, aRequest(`r${index}`, { priority: deed }));
                const told = placesIn(await store.listEvents(0, 10_000));
                for (const { id } of await store.listQueued('demo')) {
                  const position = (await store.readPosition(id)) ?? 0;
                  if (position <= FRONT) expect([id, told.get(id)]).toEqual([id, position]);
                  else expect(told.get(id) ?? Infinity).toBeGreaterThan(FRONT);
                }
              }
            }),
        ),
        { numRuns: Math.ceil(40 * share) },
      ));
  });
}
