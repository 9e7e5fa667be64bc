import { describe, expect, test } from '@jest/globals';
import type { RequestEnd } from '../../src/core/model/request.ts';
import type { Store } from '../../src/core/ports/store.ts';
import { aHook } from '../helpers/fake-hooks.ts';
import { aRequest, CANCELLED, COMPLETED, enqueue, mustClaim, type OpenStore, T0, withStore } from './store-fixtures.ts';

const after = (reason: RequestEnd['reason'], state: RequestEnd['state'] = 'failed'): RequestEnd => ({
  ...CANCELLED,
  state,
  reason,
});

/** `<address> <what it is told>`, in the order in which it is owed. */
const owed = async (store: Store): Promise<readonly string[]> =>
  (await store.listDeliveries({ kind: 'hook' }, null, 100))
    .toReversed()
    .map(({ to, event }) => `${to} ${String(event.data['hook'])}`);

const BOTH = [
  aHook('log', { events: ['pre_session', 'post_session', 'on_error'] }),
  aHook('page', { events: ['on_error'] }),
];

export function describeHooks(open: OpenStore): void {
  describe('what hooks are told', () => {
    test.each<[string, RequestEnd, readonly string[]]>([
      ['completed', COMPLETED, ['hook:log post_session']],
      ['failed', after('agent_error'), ['hook:log on_error', 'hook:page on_error', 'hook:log post_session']],
      [
        'ran out of time',
        after('turn_timeout', 'timed_out'),
        ['hook:log on_error', 'hook:page on_error', 'hook:log post_session'],
      ],
      ['was cancelled', CANCELLED, ['hook:log post_session']],
      ['was denied by one of them', after('hook_denied'), []],
    ])('of a turn that %s is on disk with its end', (_, how, expected) =>
      withStore(open, async ({ store, reopen }) => {
        await store.setHooks(BOTH);
        await enqueue(store, aRequest('a'));
        await store.end(await mustClaim(store), how, T0);
        expect(await owed(await reopen())).toEqual(expected);
      }),
    );

    test('is also the end of a request that never began', () =>
      withStore(open, async ({ store }) => {
        await store.setHooks(BOTH);
        await enqueue(store, aRequest('a'), aRequest('b', { createdAt: T0 + 1 }));
        await store.endQueued('a', CANCELLED, T0);
        await store.endOverdue(T0 + 1, after('queue_timeout', 'timed_out'), T0);
        expect(await owed(store)).toEqual([
          'hook:log post_session',
          'hook:log on_error',
          'hook:page on_error',
          'hook:log post_session',
        ]);
      }));

    test('is of the sources and workspaces that they name', () =>
      withStore(open, async ({ store }) => {
        await store.setHooks([
          aHook('prod', { events: ['post_session'], workspaces: ['prod-*'] }),
          aHook('bot', { events: ['post_session'], sources: ['bot'] }),
        ]);
        await enqueue(store, aRequest('a', { workspace: 'prod-eu' }), aRequest('b', { source: 'bot' }), aRequest('c'));
        for (const id of ['a', 'b', 'c']) await store.endQueued(id, CANCELLED, T0);
        expect(await owed(store)).toEqual(['hook:prod post_session', 'hook:bot post_session']);
      }));

    test('is for those that were set last, in their order', () =>
      withStore(open, async ({ store, reopen }) => {
        await store.setHooks(BOTH);
        await store.setHooks([aHook('second'), aHook('first', { failClosed: true, workspaces: ['a'] })]);
        const later = await reopen();
        expect(await later.listHooks()).toEqual([
          aHook('second'),
          aHook('first', { failClosed: true, workspaces: ['a'] }),
        ]);
        await later.setHooks([]);
        expect(await later.listHooks()).toEqual([]);
      }));
  });

  describe('what hooks said before a turn', () => {
    test('is kept for its owner alone, until the next claim', () =>
      withStore(open, async ({ store }) => {
        await enqueue(store, aRequest('a'));
        const turn = await mustClaim(store);
        expect(await store.keepHookMetadata({ ...turn, epoch: turn.epoch - 1 }, { ticket: 'old' })).toBe(false);
        expect(await store.keepHookMetadata(turn, { ticket: 'T-1' })).toBe(true);
        expect((await store.readRequest('a'))?.hookMetadata).toEqual({ ticket: 'T-1' });
        await store.requeue(turn, T0);
        expect((await store.readRequest('a'))?.hookMetadata).toEqual({ ticket: 'T-1' });
        expect((await mustClaim(store)).hookMetadata).toEqual({});
      }));

    test('is kept with the end', () =>
      withStore(open, async ({ store }) => {
        await enqueue(store, aRequest('a'));
        const turn = await mustClaim(store);
        await store.keepHookMetadata(turn, { ticket: 'T-1' });
        await store.end(turn, COMPLETED, T0);
        expect((await store.readRequest('a'))?.hookMetadata).toEqual({ ticket: 'T-1' });
      }));
  });

  describe('a silent denial', () => {
    const THREAD = 'telegram:-100:7';

    test('owes the thread of a chat nothing but that what it says of it is taken back', () =>
      withStore(open, async ({ store }) => {
        await enqueue(store, aRequest('a', { replyTo: THREAD, source: 'telegram' }));
        await store.end(await mustClaim(store), { ...after('hook_denied'), silent: true }, T0);
        const told = (await store.listDeliveries({ to: THREAD }, null, 10)).map(({ kind, event }) => ({
          kind,
          ...event,
        }));
        expect(told).toMatchObject([{ kind: 'progress', type: 'request.failed', data: { silent: true } }]);
      }));

    test('owes every other address its end', () =>
      withStore(open, async ({ store }) => {
        await enqueue(store, aRequest('a', { replyTo: 'webhook:https://a.example/' }));
        await store.end(await mustClaim(store), { ...after('hook_denied'), silent: true }, T0);
        expect(await store.listDeliveries({}, null, 10)).toMatchObject([{ kind: 'answer' }]);
      }));
  });
}
