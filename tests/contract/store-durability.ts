import { describe, expect, test } from '@jest/globals';
import { aRequest, enqueue, eventTypes, type OpenStore, ROOMY, withStore } from './store-fixtures.ts';

export function describeDurability(open: OpenStore): void {
  describe('writing', () => {
    test('a write that fails leaves the others of its tick unharmed, and no trace of itself', () =>
      withStore(open, async (bench) => {
        const outcomes = await Promise.allSettled([
          bench.store.accept(aRequest('a'), ROOMY, null),
          // The same id: the row is refused after the session of `other` was made.
          bench.store.accept(aRequest('a', { workspace: 'other' }), ROOMY, null),
          bench.store.accept(aRequest('b'), ROOMY, null),
        ]);
        expect(outcomes.map((outcome) => outcome.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
        const store = await bench.reopen();
        expect((await store.listUnended()).map((request) => request.id)).toEqual(['a', 'b']);
        expect(await store.readSession('other')).toBeNull();
        expect(await eventTypes(store)).toEqual(['session.created', 'request.queued', 'request.queued']);
      }));

    test('closing waits for the writes under way', () =>
      withStore(open, async (bench) => {
        const accepted = bench.store.accept(aRequest('a'), ROOMY, null);
        const store = await bench.reopen();
        expect((await accepted).kind).toBe('created');
        expect(await store.readRequest('a')).not.toBeNull();
      }));

    test('a closed store refuses writes, and closes twice', () =>
      withStore(open, async ({ store }) => {
        await store.close();
        await store.close();
        await expect(store.accept(aRequest('a'), ROOMY, null)).rejects.toThrow('closed');
      }));

    test('a probe writes and leaves nothing', () =>
      withStore(open, async ({ store }) => {
        await Promise.all([store.probe(), store.probe()]);
        expect(await eventTypes(store)).toEqual([]);
      }));

    test('with 10,000 waiting a claim does not read the whole queue', () =>
      withStore(open, async ({ store }) => {
        const many = Array.from({ length: 10_000 }, (_, n) => aRequest(`r${n}`));
        await enqueue(store, ...many.slice(0, 5_000));
        await enqueue(store, ...many.slice(5_000));
        const claims = await Promise.all(
          Array.from({ length: 200 }, async (_, n) => {
            const claimed = await store.claim('demo', n);
            return claimed;
          }),
        );
        expect(claims.filter((claim) => claim !== null)).toHaveLength(1);
      }));
  });
}
