import { describe, expect, test } from '@jest/globals';
import { aClaim, aRequest, eventTypes, type OpenStore, ROOMY, T0, withStore } from './store-fixtures.ts';

export function describeForeseeing(open: OpenStore): void {
  describe('foreseeing', () => {
    test('stores nothing, and finds nothing against a new request', () =>
      withStore(open, async ({ store }) => {
        expect(await store.foresee(ROOMY, aClaim())).toEqual({ kind: 'free' });
        expect(await store.foresee(ROOMY, null)).toEqual({ kind: 'free' });
        expect(await eventTypes(store)).toEqual([]);
        expect(await store.accept(aRequest('a'), ROOMY, aClaim())).toMatchObject({ kind: 'created' });
      }));

    test('brings back the request of a known key, and tells another body', () =>
      withStore(open, async ({ store }) => {
        await store.accept(aRequest('a'), ROOMY, aClaim());
        expect(await store.foresee(ROOMY, aClaim())).toMatchObject({ kind: 'replayed', request: { id: 'a' } });
        expect(await store.foresee(ROOMY, aClaim({ bodyHash: 'other' }))).toEqual({ kind: 'idempotency_mismatch' });
        expect(await store.foresee(ROOMY, aClaim({ owner: 'other' }))).toEqual({ kind: 'free' });
        expect(await store.foresee(ROOMY, aClaim({ notBefore: T0 + 1 }))).toEqual({ kind: 'free' });
      }));

    test('tells a queue that is full for all, but not to a key that is known', () =>
      withStore(open, async ({ store }) => {
        await store.accept(aRequest('a'), ROOMY, aClaim());
        const full = { total: 1, perSession: 1 };
        expect(await store.foresee(full, null)).toEqual({ kind: 'queue_full', limit: 'total' });
        expect(await store.foresee(full, aClaim())).toMatchObject({ kind: 'replayed' });
      }));
  });
}
