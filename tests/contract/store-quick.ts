import { describe, expect, test } from '@jest/globals';
import type { Store } from '../../src/core/ports/store.ts';
import { usageOf } from '../helpers/examples.ts';
import { aRequest, enqueue, eventTypes, type OpenStore, runNext, T0, withStore } from './store-fixtures.ts';

const MADE = { path: '/worktrees/x', branch: 'quick/x', base: 'c0ffee', fetch: { kind: 'fetched' } } as const;

async function beginReady(store: Store, now = T0): Promise<string> {
  const { id } = await store.beginQuick('o/r', now);
  await store.readyQuick(id, MADE, now);
  return id;
}

export function describeQuick(open: OpenStore): void {
  describe('sessions of quick tasks', () => {
    test('one is named by its second, and of those that begin in one each takes the next', () =>
      withStore(open, async ({ store }) => {
        const begun = await Promise.all([T0, T0 + 1, T0 + 999].map((now) => store.beginQuick('o/r', now)));
        expect(begun.map(({ id }) => id)).toEqual([0, 1, 2].map((more) => `quick-${T0 / 1_000 + more}`));
        expect(begun[0]).toMatchObject({ repo: 'o/r', state: 'starting', worktree: null, createdAt: T0 });
        expect((await store.beginQuick('o/r', T0 + 5_000)).id).toBe(`quick-${T0 / 1_000 + 5}`);
      }));

    test('no id is given twice, also by the next process and when the clock was set back', () =>
      withStore(open, async (bench) => {
        const { id } = await bench.store.beginQuick('o/r', T0);
        await bench.store.forgetQuick(id, [], T0);
        const store = await bench.reopen();
        expect((await store.beginQuick('o/r', T0 - 9_000)).id).toBe(`quick-${T0 / 1_000 + 1}`);
      }));

    test('it is ready with its worktree and the session of its agent, once', () =>
      withStore(open, async (bench) => {
        const { id } = await bench.store.beginQuick('o/r', T0);
        expect(await bench.store.readyQuick(id, MADE, T0 + 1)).toBe(true);
        expect(await bench.store.readyQuick(id, MADE, T0 + 1)).toBe(false);
        const store = await bench.reopen();
        const worktree = { path: MADE.path, branch: MADE.branch, base: MADE.base };
        expect(await store.readQuick(id)).toEqual({ id, repo: 'o/r', state: 'ready', worktree, createdAt: T0 });
        expect(await store.readSession(id)).toMatchObject({ agent: 'claude-print', agentSessionId: null });
        expect((await store.listEvents(0, 9, { workspace: id })).at(-1)).toMatchObject({
          type: 'quick.started',
          data: { branch: MADE.branch, fetch: MADE.fetch },
        });
      }));

    test('only a ready one expires, and is told; from then on it can be removed', () =>
      withStore(open, async ({ store }) => {
        const { id } = await store.beginQuick('o/r', T0);
        expect([await store.expireQuick(id, T0), await store.removeQuick(id)]).toEqual([false, false]);
        await store.readyQuick(id, MADE, T0);
        expect([await store.expireQuick(id, T0), await store.expireQuick(id, T0)]).toEqual([true, false]);
        expect(await store.readQuick(id)).toMatchObject({ state: 'expired' });
        expect([await store.removeQuick(id), await store.removeQuick(id)]).toEqual([true, false]);
        expect((await eventTypes(store)).filter((type) => type === 'quick.expired')).toHaveLength(1);
      }));

    test('one that is forgotten is told, unless nobody ever knew of it', () =>
      withStore(open, async ({ store }) => {
        const hidden = await store.beginQuick('o/r', T0);
        await store.forgetQuick(hidden.id, [], T0);
        const id = await beginReady(store, T0);
        await store.forgetQuick(id, ['quick/x'], T0);
        await store.forgetQuick(id, [], T0);
        expect([await store.readQuick(id), await store.listQuick()]).toEqual([null, []]);
        const told = (await store.listEvents(0, 99)).filter(({ type }) => type === 'quick.deleted');
        expect(told).toMatchObject([{ workspace: id, data: { keptBranches: ['quick/x'] } }]);
      }));

    test('its messages are the requests of its workspace, with their usage', () =>
      withStore(open, async ({ store }) => {
        const [one, other] = [await beginReady(store), await beginReady(store)];
        const agent = 'claude-print';
        await enqueue(
          store,
          aRequest('a', { workspace: one, agent }),
          aRequest('b', { workspace: other, agent, createdAt: T0 + 1 }),
          aRequest('c', { workspace: one, agent, createdAt: T0 + 2 }),
          aRequest('d'),
        );
        await runNext(store, T0 + 5, one);
        const done = { workspace: one, state: 'completed', usage: usageOf(12, 3), createdAt: T0, completedAt: T0 + 5 };
        const waiting = { workspace: one, state: 'queued', usage: null, createdAt: T0 + 2, completedAt: null };
        expect(await store.listQuickTurns(one)).toEqual([done, waiting]);
        const all = await store.listQuickTurns(null);
        expect(all.map(({ workspace }) => workspace)).toEqual([one, other, one]);
      }));

    test('the last messages and uses of tools are read, oldest first', () =>
      withStore(open, async ({ store }) => {
        const workspace = await beginReady(store);
        const ids = ['a', 'b', 'c'];
        await enqueue(store, ...ids.map((id) => aRequest(id, { workspace, agent: 'claude-print' })));
        for (const tool of ids) {
          const event = { requestId: tool, workspace, at: T0, data: { tool } };
          await store.appendEvent({ type: 'tool.started', ...event });
          await store.appendEvent({ type: 'tool.ended', ...event });
        }
        const { requests, tools } = await store.readQuickMessages(workspace, 2);
        expect(requests.map(({ id }) => id)).toEqual(['b', 'c']);
        expect(tools.map(({ type, data }) => [type, data['tool']])).toEqual([
          ['tool.started', 'b'],
          ['tool.started', 'c'],
        ]);
      }));
  });
}
