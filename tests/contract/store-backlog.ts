import { describe, expect, test } from '@jest/globals';
import { aRequest, COMPLETED, enqueue, mustClaim, type OpenStore, T0, withStore } from './store-fixtures.ts';

const WEBHOOK = 'webhook:https://example.org/hook';

export function describeBacklog(open: OpenStore): void {
  describe('the backlog', () => {
    test('is empty where nothing waits', () =>
      withStore(open, async ({ store }) => {
        expect(await store.readBacklog()).toEqual({ queued: [], running: [], owed: [] });
      }));

    test('tells how much the database takes on disk', () =>
      withStore(open, async ({ store }) => {
        expect((await store.readSizes())['database']).toBeGreaterThan(1_000);
      }));

    test('counts what waits by its class with the age of the oldest, and what runs by its phase', () =>
      withStore(open, async ({ store }) => {
        await enqueue(
          store,
          aRequest('a', { createdAt: T0 }),
          aRequest('b', { createdAt: T0 + 1 }),
          aRequest('c', { createdAt: T0 + 2 }),
          aRequest('d', { createdAt: T0 + 3, priority: 'high', workspace: 'other' }),
        );
        await store.progress(await mustClaim(store, 'demo', T0 + 4), { phase: 'submitting' }, T0 + 5);
        const { queued, running } = await store.readBacklog();
        expect(queued.toSorted((one, other) => one.count - other.count)).toEqual([
          { priority: 'high', count: 1, oldestAt: T0 + 3 },
          { priority: 'normal', count: 2, oldestAt: T0 + 1 },
        ]);
        expect(running).toEqual([{ phase: 'submitting', count: 1 }]);
      }));

    test('counts what is owed by its transport, and no more what has ended', () =>
      withStore(open, async ({ store }) => {
        await enqueue(
          store,
          aRequest('a', { replyTo: WEBHOOK }),
          aRequest('b', { replyTo: `${WEBHOOK}/other`, workspace: 'other' }),
        );
        await store.end(await mustClaim(store, 'demo', T0 + 1), COMPLETED, T0 + 2);
        await store.end(await mustClaim(store, 'other', T0 + 1), COMPLETED, T0 + 3);
        expect((await store.readBacklog()).owed).toEqual([{ transport: 'webhook', count: 2, oldestAt: T0 + 2 }]);
        const [delivery] = await store.listDeliveries({ requestId: 'a' }, null, 1);
        await store.beginDelivery(delivery?.id ?? '');
        await store.endDelivery(delivery?.id ?? '', { state: 'sent', error: null, link: null }, T0 + 4);
        expect((await store.readBacklog()).owed).toEqual([{ transport: 'webhook', count: 1, oldestAt: T0 + 3 }]);
      }));
  });
}
