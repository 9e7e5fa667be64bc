import { describe, expect, test } from '@jest/globals';
import type { RequestEnd, RequestRecord } from '../../src/core/model/request.ts';
import type { Tokens, Usage } from '../../src/core/model/usage/usage.ts';
import type { NewRequest } from '../../src/core/ports/requests/acceptance.ts';
import type { Store } from '../../src/core/ports/store.ts';
import { aHook } from '../helpers/fake-hooks.ts';
import { NOTHING_SPENT } from '../helpers/examples.ts';
import {
  aClaim,
  aRequest,
  CANCELLED,
  COMPLETED,
  enqueue,
  mustClaim,
  type OpenStore,
  ROOMY,
  T0,
  withStore,
} from './store-fixtures.ts';

const DAY_MS = 86_400_000;
const ALL = { from: 0, to: T0 * 2 };
const NONE: Tokens = { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0 };

/** By the costs of the models. */
function took(costs: Readonly<Record<string, number | null>>): Usage {
  const models = Object.entries(costs).map(([model, costMicroUsd]) => ({
    model,
    ...NONE,
    outputTokens: 7,
    costMicroUsd,
  }));
  return { ...NONE, outputTokens: 7 * models.length, costMicroUsd: null, models };
}

async function spend(store: Store, id: string, usage: Usage, at = T0, more: Partial<NewRequest> = {}): Promise<void> {
  await enqueue(store, aRequest(id, more));
  await store.end(await mustClaim(store, more.workspace), { ...COMPLETED, usage }, at);
}

export function describeUsage(open: OpenStore, share = 1): void {
  describe('what turns took', () => {
    test('is summed with the end of each, whatever it was, and survives all that is forgotten', () =>
      withStore(open, async (bench) => {
        const usage: Usage = {
          ...{ inputTokens: 3, outputTokens: 5, cacheReadTokens: 7, cacheWriteTokens: 11, costMicroUsd: 13 },
          models: [
            { model: 'm', inputTokens: 3, outputTokens: 5, cacheReadTokens: 7, cacheWriteTokens: 11, costMicroUsd: 13 },
          ],
        };
        await spend(bench.store, 'a', usage);
        await enqueue(bench.store, aRequest('b'));
        await bench.store.end(await mustClaim(bench.store), { ...CANCELLED, usage }, T0);
        await bench.store.deleteSession('demo', T0);
        const store = await bench.reopen();
        expect(await store.sumSpent(ALL)).toEqual({
          ...{ requests: 2, inputTokens: 6, outputTokens: 10, cacheReadTokens: 14, cacheWriteTokens: 22 },
          ...{ costMicroUsd: 26, unpriced: 0 },
        });
      }));

    test('is nothing before the first one, and of an end without it', () =>
      withStore(open, async ({ store }) => {
        expect([await store.sumSpent(ALL), await store.listSpent('day', ALL, 9)]).toEqual([NOTHING_SPENT, []]);
        await enqueue(store, aRequest('a'), aRequest('b'));
        await store.end(await mustClaim(store), CANCELLED, T0);
        await store.endQueued('b', CANCELLED, T0);
        expect(await store.sumSpent(ALL)).toEqual(NOTHING_SPENT);
      }));

    test('is of a span from its begin to before its end', () =>
      withStore(open, async ({ store }) => {
        await spend(store, 'a', took({ m: 1 }), T0);
        await spend(store, 'b', took({ m: 20 }), T0 + 1);
        await spend(store, 'c', took({ m: 300 }), T0 + 2);
        const costs = [
          await store.sumSpent({ from: T0, to: T0 + 1 }),
          await store.sumSpent({ from: T0 + 1, to: T0 + 9 }),
          await store.sumSpent({ from: T0 + 3, to: T0 + 9 }),
        ].map(({ costMicroUsd }) => costMicroUsd);
        expect(costs).toEqual([1, 320, 0]);
      }));

    test('of each workspace, key and model comes the dearest first, and counts a request once', () =>
      withStore(open, async ({ store }) => {
        const telegram = { transport: 'telegram', user_id: '7', channel_id: 'c', thread_id: null };
        await spend(store, 'a', took({ small: 5, large: 100 }));
        await spend(store, 'b', took({ large: 50 }), T0, { workspace: 'other', identity: telegram });
        await spend(store, 'c', took({ large: 900 }), T0, {
          workspace: 'third',
          identity: { ...telegram, transport: 'file', user_id: null },
        });
        const list = async (by: 'workspace' | 'key' | 'model') =>
          (await store.listSpent(by, ALL, 9)).map(({ name, costMicroUsd, requests }) => [name, costMicroUsd, requests]);
        expect(await list('workspace')).toEqual([
          ['third', 900, 1],
          ['demo', 105, 1],
          ['other', 50, 1],
        ]);
        expect(await list('key')).toEqual([
          [null, 900, 1],
          ['key-1', 105, 1],
          ['telegram:7', 50, 1],
        ]);
        expect(await list('model')).toEqual([
          ['large', 1050, 3],
          ['small', 5, 1],
        ]);
        expect((await store.listSpent('workspace', ALL, 2)).map(({ name }) => name)).toEqual(['third', 'demo']);
      }));

    test('of each day (UTC) comes the last one first', () =>
      withStore(open, async ({ store }) => {
        const midnight = T0 - (T0 % DAY_MS);
        await spend(store, 'a', took({ m: 1 }), midnight - 1);
        await spend(store, 'b', took({ m: 2 }), midnight);
        await spend(store, 'c', took({ m: 4 }), midnight + DAY_MS - 1);
        expect((await store.listSpent('day', ALL, 9)).map(({ name, costMicroUsd }) => [name, costMicroUsd])).toEqual([
          ['2027-01-15', 6],
          ['2027-01-14', 1],
        ]);
      }));

    test('whose cost is not known is in no sum of money, and the request is counted', () =>
      withStore(open, async ({ store }) => {
        await spend(store, 'a', took({ known: 5, strange: null, stranger: null }));
        await spend(store, 'b', took({ known: 5 }));
        expect(await store.sumSpent(ALL)).toMatchObject({
          costMicroUsd: 10,
          unpriced: 1,
          outputTokens: 28,
          requests: 2,
        });
      }));

    test('is exact over thousands of millionths', () =>
      withStore(open, async ({ store }) => {
        const costs = Array.from({ length: 500 * share }, (_, n) => 333_333_333 + n);
        for (const [n, cost] of costs.entries()) await spend(store, `r${n}`, took({ m: cost }));
        expect((await store.sumSpent(ALL)).costMicroUsd).toBe(costs.reduce((sum, cost) => sum + cost, 0));
      }));

    test('in a session is that of the present one', () =>
      withStore(open, async ({ store }) => {
        await spend(store, 'a', took({ m: 5 }));
        expect(await store.sumSpentInSession('demo')).toMatchObject({ costMicroUsd: 5 });
        await store.deleteSession('demo', T0);
        expect(await store.sumSpentInSession('demo')).toEqual(NOTHING_SPENT);
        await spend(store, 'b', took({ m: 2 }));
        expect(await store.sumSpentInSession('demo')).toMatchObject({ costMicroUsd: 2, requests: 1 });
      }));
  });

  describe('what a turn took that is known behind its end', () => {
    const WEBHOOK = 'webhook:https://a.example/';
    const PENDING: RequestEnd = { ...COMPLETED, usage: 'pending' };

    /** Ends with what it took still to come. */
    async function endPending(store: Store, id: string, more: Partial<NewRequest> = {}): Promise<RequestRecord> {
      await enqueue(store, aRequest(id, more));
      const turn = await mustClaim(store, more.workspace);
      await store.end(turn, PENDING, T0);
      return turn;
    }

    test('is no part of the end, which says that it is still to come', () =>
      withStore(open, async ({ store }) => {
        const turn = await endPending(store, 'a');
        expect(await store.readRequest('a')).toMatchObject({ state: 'completed', text: 'done', usage: null });
        expect((await store.listUsagePending()).map(({ id, usagePending }) => [id, usagePending])).toEqual([
          ['a', true],
        ]);
        await store.noteUsage(turn, took({ m: 5 }), T0 + 100);
        expect(await store.readRequest('a')).toMatchObject({ usage: took({ m: 5 }), usagePending: false });
        expect(await store.listUsagePending()).toEqual([]);
      }));

    test('is noted once, whoever comes again, and an earlier owner never', () =>
      withStore(open, async ({ store, reopen }) => {
        const turn = await endPending(store, 'a');
        expect(await store.noteUsage({ ...turn, epoch: 0 }, took({ m: 1 }), T0)).toBeNull();
        expect(await store.noteUsage(turn, took({ m: 5 }), T0)).toEqual([]);
        expect(await store.noteUsage(turn, took({ m: 7 }), T0)).toBeNull();
        const later = await reopen();
        expect(await later.noteUsage(turn, took({ m: 9 }), T0)).toBeNull();
        expect(await later.sumSpent(ALL)).toMatchObject({ costMicroUsd: 5, requests: 1 });
      }));

    test('of a process that ended in between is still to come for the next one', () =>
      withStore(open, async ({ store, reopen }) => {
        await endPending(store, 'a');
        const later = await reopen();
        const [turn] = await later.listUsagePending();
        expect(turn).toMatchObject({ id: 'a', state: 'completed', usagePending: true });
        expect(await later.noteUsage(turn ?? { id: '', epoch: 0 }, null, T0)).toEqual([]);
        expect([await later.listUsagePending(), await later.sumSpent(ALL)]).toEqual([[], NOTHING_SPENT]);
      }));

    test('is never still to come of an end that brings it, nor of one that has none', () =>
      withStore(open, async ({ store }) => {
        await enqueue(store, aRequest('a'), aRequest('b'));
        for (const end of [COMPLETED, CANCELLED]) {
          const turn = await mustClaim(store);
          await store.end(turn, end, T0);
          expect(await store.listUsagePending()).toEqual([]);
          expect(await store.noteUsage(turn, took({ m: 1 }), T0)).toBeNull();
        }
      }));

    test('is summed by the end of its turn, and stands in the way of a budget from then on', () =>
      withStore(open, async ({ store }) => {
        const midnight = T0 - (T0 % DAY_MS) + DAY_MS;
        await enqueue(store, aRequest('a'));
        const turn = await mustClaim(store);
        await store.end(turn, PENDING, midnight - 1);
        const limits = { ...ROOMY, budgets: { day: { since: midnight - DAY_MS, maxMicroUsd: 5 } } };
        expect(await store.accept(aRequest('b'), limits, null)).toMatchObject({ kind: 'created' });
        await store.noteUsage(turn, took({ m: 5 }), midnight + 100);
        expect(await store.accept(aRequest('c'), limits, null)).toEqual({ kind: 'budget_spent', limit: 'day' });
        expect(await store.sumSpent({ from: midnight, to: midnight + DAY_MS })).toEqual(NOTHING_SPENT);
      }));

    test('is told by an event that is of no request', () =>
      withStore(open, async ({ store }) => {
        const turn = await endPending(store, 'a');
        await store.noteUsage(turn, took({ m: 5 }), T0 + 100);
        expect((await store.listEvents(0, 100)).at(-1)).toMatchObject({
          ...{ type: 'usage.noted', requestId: null, workspace: 'demo', at: T0 + 100 },
          data: { requestId: 'a', usage: took({ m: 5 }) },
        });
      }));

    test('holds the webhooks and hooks that tell it, and nothing else', () =>
      withStore(open, async ({ store }) => {
        await store.setHooks([aHook('log', { events: ['post_session', 'on_error'] })]);
        await enqueue(
          store,
          aRequest('a', { replyTo: WEBHOOK }),
          aRequest('b', { workspace: 'other', replyTo: 'telegram:1' }),
        );
        const turn = await mustClaim(store);
        await store.end(turn, { ...PENDING, state: 'failed', reason: 'agent_error' }, T0);
        await store.end(await mustClaim(store, 'other'), PENDING, T0);
        const isHeld = async (lane: string) => (await store.readLaneHead(lane))?.isHeld;
        expect([await isHeld(WEBHOOK), await isHeld('hook:log'), await isHeld('telegram:1')]).toEqual([
          true,
          false,
          false,
        ]);
        const told = await store.readLaneHead('hook:log');
        await store.endDelivery(told?.delivery.id ?? '', { state: 'sent', error: null, link: null }, T0);
        expect(await isHeld('hook:log')).toBe(true);
        expect((await store.noteUsage(turn, null, T0))?.toSorted()).toEqual(['hook:log', WEBHOOK]);
        expect([await isHeld(WEBHOOK), await isHeld('hook:log')]).toEqual([false, false]);
      }));

    test('survives the session that it was spent in', () =>
      withStore(open, async ({ store }) => {
        const turn = await endPending(store, 'a');
        await store.deleteSession('demo', T0);
        await store.noteUsage(turn, took({ m: 5 }), T0);
        expect([await store.sumSpent(ALL), (await store.readRequest('a'))?.usage]).toMatchObject([
          { costMicroUsd: 5 },
          took({ m: 5 }),
        ]);
      }));
  });

  describe('a budget', () => {
    const day = (maxMicroUsd: number, since = T0) => ({ ...ROOMY, budgets: { day: { since, maxMicroUsd } } });

    test('of a day that is spent refuses all that is new, and no replay', () =>
      withStore(open, async ({ store }) => {
        await store.accept(aRequest('a'), day(10), aClaim());
        await store.end(await mustClaim(store), { ...COMPLETED, usage: took({ m: 9 }) }, T0);
        expect(await store.accept(aRequest('b', { workspace: 'other' }), day(10), null)).toMatchObject({
          kind: 'created',
        });
        await store.end(await mustClaim(store, 'other'), { ...COMPLETED, usage: took({ m: 1 }) }, T0);
        const spent = { kind: 'budget_spent', limit: 'day' };
        expect(await store.accept(aRequest('c', { workspace: 'new' }), day(10), null)).toEqual(spent);
        expect(await store.foresee(day(10), null)).toEqual(spent);
        expect(await store.accept(aRequest('d'), day(10), aClaim())).toMatchObject({ kind: 'replayed' });
        expect(await store.foresee(day(10), aClaim())).toMatchObject({ kind: 'replayed' });
        expect(await store.accept(aRequest('e'), day(10, T0 + 1), null)).toMatchObject({ kind: 'created' });
        expect((await store.listSessions()).map(({ workspace }) => workspace)).toEqual(['demo', 'other']);
      }));

    test('of nothing lets nothing in', () =>
      withStore(open, async ({ store }) => {
        expect(await store.accept(aRequest('a'), day(0), null)).toEqual({ kind: 'budget_spent', limit: 'day' });
      }));

    test('of a session stands in its own way alone', () =>
      withStore(open, async ({ store }) => {
        const limits = { ...ROOMY, budgets: { session: { maxMicroUsd: 5 } } };
        await spend(store, 'a', took({ m: 5 }));
        expect(await store.accept(aRequest('b'), limits, null)).toEqual({ kind: 'budget_spent', limit: 'session' });
        expect(await store.accept(aRequest('c', { workspace: 'other' }), limits, null)).toMatchObject({
          kind: 'created',
        });
        expect(await store.accept(aRequest('d'), ROOMY, null)).toMatchObject({ kind: 'created' });
      }));
  });
}
