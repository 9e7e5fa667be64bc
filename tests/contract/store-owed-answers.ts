import { describe, expect, test } from '@jest/globals';
import type { Store } from '../../src/core/ports/store.ts';
import {
  aClaim,
  aRequest,
  COMPLETED,
  enqueue,
  eventTypes,
  mustClaim,
  type OpenStore,
  ROOMY,
  runNext,
  T0,
  withStore,
} from './store-fixtures.ts';

const DAY_MS = 86_400_000;

export function describeOwedAnswers(open: OpenStore): void {
  describe('answers that are owed', () => {
    test('are due once their request has ended, in the order of acceptance, until they are settled', () =>
      withStore(open, async ({ store }) => {
        await enqueue(
          store,
          aRequest('a', { owed: { file: 'first', attended: false } }),
          aRequest('b', { owed: { file: 'second', attended: false } }),
          aRequest('c'),
        );
        expect(await due(store)).toEqual([]);
        for (const _ of 'abc') await runNext(store);
        expect(await due(store)).toEqual(['first a', 'second b']);
        const [owed] = await store.listDeliveries({ to: 'file:first' }, null, 1);
        await store.endDelivery(owed?.id ?? '', { state: 'sent', error: null, link: null }, T0);
        expect(await due(store)).toEqual(['second b']);
      }));

    test('are owed once when the request is replayed, and not when it is refused', () =>
      withStore(open, async ({ store }) => {
        const limits = { total: 1, perSession: 1 };
        const request = aRequest('a', { owed: { file: 'f', attended: false } });
        await store.accept(request, limits, aClaim());
        expect(await store.accept({ ...request, id: 'again' }, limits, aClaim())).toMatchObject({ kind: 'replayed' });
        expect(await store.accept({ ...request, id: 'more' }, limits, null)).toMatchObject({ kind: 'queue_full' });
        await runNext(store);
        expect(await due(store)).toEqual(['f a']);
      }));

    test('are not due while a client attends them, and are still owed in a later process', () =>
      withStore(open, async ({ store, reopen }) => {
        await enqueue(store, aRequest('a', { owed: { file: 'f', attended: true } }));
        await runNext(store);
        expect(await due(store)).toEqual([]);
        const later = await reopen();
        expect(await due(later)).toEqual([]);
        await later.leaveAll(T0);
        expect(await due(later)).toEqual(['f a']);
      }));
  });

  describe('a client that leaves', () => {
    test('makes its queued request a background one, with an event, in one step', () =>
      withStore(open, async ({ store }) => {
        await enqueue(
          store,
          aRequest('left', { priority: 'interactive', owed: { file: null, attended: true } }),
          aRequest('other'),
        );
        expect(await store.leave('left', T0)).toMatchObject({ priority: 'background', state: 'queued' });
        expect((await store.listEvents(0, 10)).at(-1)).toMatchObject({
          type: 'request.left',
          requestId: 'left',
          data: { priority: 'background' },
        });
        expect((await mustClaim(store)).id).toBe('other');
      }));

    test('changes nothing of a turn that runs but that its answer is due as a file', () =>
      withStore(open, async ({ store }) => {
        await enqueue(store, aRequest('a', { priority: 'interactive', owed: { file: 'f', attended: true } }));
        const turn = await mustClaim(store);
        expect(await store.leave('a', T0)).toMatchObject({ priority: 'interactive', state: 'running' });
        await store.end(turn, COMPLETED, T0);
        expect(await due(store)).toEqual(['f a']);
      }));

    test('after the end appends no event: an end is the last one', () =>
      withStore(open, async ({ store }) => {
        await enqueue(store, aRequest('a', { owed: { file: 'f', attended: true } }));
        await runNext(store);
        await store.leave('a', T0);
        expect((await eventTypes(store)).at(-1)).toBe('request.completed');
        expect(await due(store)).toEqual(['f a']);
      }));

    test('leaves once, and only what it attended', () =>
      withStore(open, async ({ store }) => {
        await enqueue(
          store,
          aRequest('ws', { owed: { file: null, attended: true } }),
          aRequest('file', { owed: { file: 'f', attended: false } }),
        );
        expect(await store.leave('ws', T0)).not.toBeNull();
        expect([await store.leave('ws', T0), await store.leave('file', T0), await store.leave('none', T0)]).toEqual([
          null,
          null,
          null,
        ]);
      }));

    test('all of them leave when the process that held their connections is gone', () =>
      withStore(open, async ({ store, reopen }) => {
        const attended = { priority: 'interactive', owed: { file: null, attended: true } } as const;
        await enqueue(store, aRequest('a', attended), aRequest('b', attended), aRequest('c', { priority: 'high' }));
        const later = await reopen();
        await later.leaveAll(T0);
        expect((await later.listUnended()).map(({ priority }) => priority)).toEqual([
          'background',
          'background',
          'high',
        ]);
        expect((await eventTypes(later)).filter((type) => type === 'request.left')).toHaveLength(2);
      }));
  });

  describe('a kept key', () => {
    const kept = aClaim({ owner: 'file', key: 'a.md', kept: true });

    test('replays after any time, and is listed, until it is released', () =>
      withStore(open, async ({ store }) => {
        const muchLater = { ...kept, notBefore: T0 + 30 * DAY_MS };
        await store.accept(aRequest('a'), ROOMY, kept);
        expect(await store.accept(aRequest('b'), ROOMY, muchLater)).toMatchObject({
          kind: 'replayed',
          request: { id: 'a' },
        });
        expect(await store.listKeptKeys('file')).toEqual(['a.md']);
        await store.releaseKey('file', 'a.md');
        expect(await store.listKeptKeys('file')).toEqual([]);
        expect(await store.accept(aRequest('b'), ROOMY, muchLater)).toMatchObject({ kind: 'created' });
      }));

    test('is of its owner alone, and a key of a day is neither listed nor released', () =>
      withStore(open, async ({ store }) => {
        await store.accept(aRequest('a'), ROOMY, aClaim());
        expect(await store.listKeptKeys('key-1')).toEqual([]);
        await store.releaseKey('key-1', 'once');
        expect(await store.accept(aRequest('b'), ROOMY, aClaim())).toMatchObject({ kind: 'replayed' });
      }));
  });
}

/** What is owed as a response file. */
async function due(store: Store): Promise<readonly string[]> {
  const deliveries = (await store.listDeliveries({}, null, 10)).filter(({ endedAt }) => endedAt === null).toReversed();
  return deliveries.map(({ to, requestId }) => `${to.replace('file:', '')} ${requestId}`);
}
