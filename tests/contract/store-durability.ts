import { describe, expect, test } from '@jest/globals';
import { aRequest, enqueue, eventTypes, type OpenStore, ROOMY, runNext, withStore } from './store-fixtures.ts';

export function describeDurability(open: OpenStore, share = 1): void {
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

    const crowd = 10_000 * share;
    test(`with ${crowd} waiting, accepting, claiming and ending lose nothing`, () =>
      withStore(open, async ({ store }) => {
        await enqueue(store, ...Array.from({ length: crowd }, (_, n) => aRequest(`r${n}`)));
        for (let n = 0; n < 100; n += 1) expect(await runNext(store)).toBe(`r${n}`);
        const left = crowd - 100;
        expect(await store.readPosition(`r${crowd - 1}`)).toBe(left);
        const full = await store.accept(aRequest('late'), { total: left, perSession: left }, null);
        expect(full).toEqual({ kind: 'queue_full', limit: 'total' });
        expect(await store.countRequests('demo')).toEqual({ active: left, total: crowd });
      }));
  });
}
