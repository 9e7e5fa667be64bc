import { describe, expect, test } from '@jest/globals';
import type { RequestEnd } from '../../src/core/model/request.ts';
import { aRequest, enqueue, eventTypes, mustClaim, type OpenStore, T0, withStore } from './store-fixtures.ts';

const OVERDUE: RequestEnd = {
  state: 'timed_out',
  reason: 'queue_timeout',
  error: 'No turn began in time: send it again',
  text: null,
  usage: null,
};

export function describeOverdue(open: OpenStore): void {
  describe('what has waited too long', () => {
    test('ends with its event, in every session, and what came a millisecond later waits on', () =>
      withStore(open, async ({ store }) => {
        await enqueue(
          store,
          aRequest('old', { createdAt: T0 - 5 }),
          aRequest('old-too', { workspace: 'other' }),
          aRequest('young', { createdAt: T0 + 1 }),
        );
        const ended = await store.endOverdue(T0, OVERDUE, T0 + 60);
        expect(ended.map(({ id }) => id)).toEqual(['old', 'old-too']);
        expect(ended[0]).toMatchObject({ ...OVERDUE, retryable: true, startedAt: null, completedAt: T0 + 60 });
        expect(ended[0]).toEqual(await store.readRequest('old'));
        expect((await store.listUnended()).map(({ id }) => id)).toEqual(['young']);
        const types = (await eventTypes(store)).filter((type) => type !== 'request.moved');
        expect(types.slice(-2)).toEqual(['request.timed_out', 'request.timed_out']);
      }));

    test('is nothing that runs or has ended', () =>
      withStore(open, async ({ store }) => {
        await enqueue(store, aRequest('running'), aRequest('ended', { workspace: 'other' }));
        await mustClaim(store);
        await store.endQueued('ended', OVERDUE, T0);
        expect(await store.endOverdue(T0, OVERDUE, T0)).toEqual([]);
        expect((await store.readRequest('running'))?.state).toBe('running');
      }));

    test('makes room in the queues', () =>
      withStore(open, async ({ store }) => {
        const limits = { total: 1, perSession: 1 };
        await enqueue(store, aRequest('old'));
        await store.endOverdue(T0, OVERDUE, T0);
        expect(await store.accept(aRequest('next'), limits, null)).toMatchObject({ kind: 'created' });
        expect(await store.accept(aRequest('full'), limits, null)).toMatchObject({ kind: 'queue_full' });
      }));

    test('is claimed or ended when both come in one tick, never both', () =>
      withStore(open, async ({ store }) => {
        await enqueue(store, aRequest('a'));
        const [claimed, none] = await Promise.all([store.claim('demo', T0), store.endOverdue(T0, OVERDUE, T0)]);
        expect([claimed?.id, none]).toEqual(['a', []]);
        await enqueue(store, aRequest('b', { workspace: 'other' }));
        const [ended, late] = await Promise.all([store.endOverdue(T0, OVERDUE, T0), store.claim('other', T0)]);
        expect([ended.map(({ id }) => id), late]).toEqual([['b'], null]);
      }));

    test('the longest wait is told, of queued requests only', () =>
      withStore(open, async ({ store }) => {
        expect(await store.readOldestQueuedAt()).toBeNull();
        await enqueue(
          store,
          aRequest('running', { createdAt: T0 - 9 }),
          aRequest('late', { createdAt: T0 + 4, workspace: 'other' }),
          aRequest('early', { createdAt: T0 + 2 }),
        );
        await mustClaim(store);
        expect(await store.readOldestQueuedAt()).toBe(T0 + 2);
      }));
  });
}
