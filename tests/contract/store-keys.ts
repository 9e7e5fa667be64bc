import { describe, expect, test } from '@jest/globals';
import type { KeyLimits, KeyRecord } from '../../src/core/model/keys/key.ts';
import type { AcceptanceLimits } from '../../src/core/ports/requests/acceptance.ts';
import type { Store } from '../../src/core/ports/store.ts';
import { usageOf } from '../helpers/examples.ts';
import {
  aClaim,
  aRequest,
  COMPLETED,
  enqueue,
  mustClaim,
  type OpenStore,
  ROOMY,
  T0,
  withStore,
} from './store-fixtures.ts';

const NO_LIMITS: KeyLimits = { rateLimitMax: null, activeMax: null, dailyTurnsMax: null, dailyCostMicroUsdMax: null };
const FOR_KEY: AcceptanceLimits = { ...ROOMY, key: { id: 'key-1', since: T0 } };

function aKey(id: string, more: Partial<KeyRecord> = {}): KeyRecord {
  return {
    ...{ id, name: `the key "${id}" 🚪`, sha256: 'a1'.repeat(32), scopes: ['read', 'execute'], workspaces: ['web-*'] },
    ...{ limits: NO_LIMITS, createdAt: T0, expiresAt: null, lastUsedAt: null },
    ...more,
  };
}

async function kindOf(store: Store, id: string, limits = FOR_KEY, createdAt = T0): Promise<unknown> {
  const outcome = await store.accept(aRequest(id, { createdAt }), limits, null);
  return outcome.kind === 'key_limited' ? `${outcome.limit} ${outcome.max}` : outcome.kind;
}

export function describeKeys(open: OpenStore): void {
  describe('keys', () => {
    test('are kept as they are, in the order in which they were made', () =>
      withStore(open, async (bench) => {
        const limits = { rateLimitMax: 1, activeMax: 2, dailyTurnsMax: 3, dailyCostMicroUsdMax: 4 };
        const kept = [aKey('b', { limits, expiresAt: T0 + 1 }), aKey('a', { workspaces: null })];
        for (const key of kept) await bench.store.addKey(key);
        const store = await bench.reopen();
        expect(await store.listKeys()).toEqual(kept);
        expect(await store.readKey('a')).toEqual(kept[1]);
        expect(await store.readKey('c')).toBeNull();
      }));

    test('get another secret, are used, and go', () =>
      withStore(open, async ({ store }) => {
        await store.addKey(aKey('a'));
        await store.touchKey('a', T0 + 5);
        expect(await store.rotateKey('a', 'b2')).toEqual(aKey('a', { sha256: 'b2', lastUsedAt: T0 + 5 }));
        expect([await store.deleteKey('a'), await store.deleteKey('a')]).toEqual([true, false]);
        expect([await store.rotateKey('a', 'c3'), await store.readKey('a')]).toEqual([null, null]);
      }));

    test('have at most so many requests that wait or run', () =>
      withStore(open, async ({ store }) => {
        await store.addKey(aKey('key-1', { limits: { ...NO_LIMITS, activeMax: 2 } }));
        expect([await kindOf(store, 'a'), await kindOf(store, 'b'), await kindOf(store, 'c')]).toEqual([
          ...['created', 'created', 'active 2'],
        ]);
        await store.end(await mustClaim(store), COMPLETED, T0);
        expect([await kindOf(store, 'c'), await kindOf(store, 'd')]).toEqual(['created', 'active 2']);
      }));

    test('have at most so many requests in a day, also when they have ended', () =>
      withStore(open, async ({ store }) => {
        await store.addKey(aKey('key-1', { limits: { ...NO_LIMITS, dailyTurnsMax: 1 } }));
        expect(await kindOf(store, 'a')).toBe('created');
        await store.end(await mustClaim(store), COMPLETED, T0);
        expect(await kindOf(store, 'b')).toBe('turns 1');
        const tomorrow = T0 + 86_400_000;
        expect(await kindOf(store, 'c', { ...ROOMY, key: { id: 'key-1', since: tomorrow } }, tomorrow)).toBe('created');
      }));

    test('spend at most so much in a day', () =>
      withStore(open, async ({ store }) => {
        await store.addKey(aKey('key-1', { limits: { ...NO_LIMITS, dailyCostMicroUsdMax: 10 } }));
        for (const [id, costMicroUsd] of [
          ['a', 9],
          ['b', 1],
        ] as const) {
          expect(await kindOf(store, id)).toBe('created');
          const [model] = usageOf(1, 1).models;
          const usage = { ...usageOf(1, 1), models: model === undefined ? [] : [{ ...model, costMicroUsd }] };
          await store.end(await mustClaim(store), { ...COMPLETED, usage }, T0);
        }
        expect(await kindOf(store, 'c')).toBe('cost 10');
      }));

    test('are not counted together, nor where they have no limits or are not known', () =>
      withStore(open, async ({ store }) => {
        await store.addKey(aKey('key-1', { limits: { ...NO_LIMITS, activeMax: 1 } }));
        await store.addKey(aKey('key-2', { limits: { ...NO_LIMITS, activeMax: 1 } }));
        await store.addKey(aKey('key-3'));
        expect(await kindOf(store, 'a')).toBe('created');
        for (const id of ['key-2', 'key-3', 'default'])
          expect(await kindOf(store, id, { ...ROOMY, key: { id, since: T0 } })).toBe('created');
      }));

    test('bring an earlier request back whatever their limits', () =>
      withStore(open, async ({ store }) => {
        await store.addKey(aKey('key-1', { limits: { ...NO_LIMITS, activeMax: 1 } }));
        await store.accept(aRequest('a'), FOR_KEY, aClaim());
        expect((await store.accept(aRequest('b'), FOR_KEY, aClaim())).kind).toBe('replayed');
      }));
  });

  describe('what is kept to some workspaces', () => {
    const names = ['web', 'web-a', 'web-b', 'WEB-c', 'webx', 'other', 'web_a'];
    const cases: readonly (readonly [readonly string[] | null, readonly string[]])[] = [
      [null, names],
      [['web'], ['web']],
      [['web-*'], ['web-a', 'web-b']],
      [
        ['web_*', 'other'],
        ['other', 'web_a'],
      ],
      [['nothing'], []],
    ];

    test.each(cases)('%j', (reach, seen) =>
      withStore(open, async ({ store }) => {
        for (const workspace of names) {
          await enqueue(store, aRequest(`req-${workspace}`, { workspace }));
          await store.openApproval(await mustClaim(store, workspace), {
            ...{ id: `apr-${workspace}`, requestId: `req-${workspace}`, workspace, kind: 'tool', toolUseId: 'use' },
            ...{ subagent: null, tool: 'Bash', input: {}, rules: [], createdAt: T0, expiresAt: T0 * 2 },
          });
          const turn = await store.readRequest(`req-${workspace}`);
          if (turn !== null) await store.end(turn, { ...COMPLETED, usage: usageOf(1, 1) }, T0);
        }
        const wanted = seen.toSorted();
        const requests = await store.listRequests({ reach }, null, 100);
        expect(requests.map(({ workspace }) => workspace).toSorted()).toEqual(wanted);
        const completed = await store.listRequests({ reach, state: 'completed', source: 'http' }, null, 100);
        expect(completed.map(({ workspace }) => workspace).toSorted()).toEqual(wanted);
        const { approvals, total } = await store.listApprovals({ reach }, 100);
        expect([approvals.map(({ workspace }) => workspace).toSorted(), total]).toEqual([wanted, wanted.length]);
        const events = await store.listEvents(0, 1_000, { reach });
        expect([...new Set(events.map(({ workspace }) => workspace))].toSorted()).toEqual(wanted);
        const span = { from: 0, to: T0 * 2, reach };
        expect((await store.listSpent('workspace', span, 100)).map(({ name }) => name).toSorted()).toEqual(wanted);
        expect((await store.sumSpent(span)).requests).toBe(wanted.length);
      }),
    );

    test('deliveries, by whatever else they are filtered', () =>
      withStore(open, async ({ store }) => {
        for (const workspace of ['web-a', 'other']) {
          await enqueue(store, aRequest(`req-${workspace}`, { workspace, replyTo: 'memory:me' }));
          await store.end(await mustClaim(store, workspace), COMPLETED, T0);
        }
        const list = async (filter: object): Promise<readonly unknown[]> =>
          (await store.listDeliveries({ reach: ['web-*'], ...filter }, null, 100)).map(({ workspace }) => workspace);
        expect(await list({})).toEqual(['web-a']);
        expect(await list({ state: 'waiting', kind: 'answer', to: 'memory:me' })).toEqual(['web-a']);
        expect(await list({ state: 'sent' })).toEqual([]);
        expect(await list({ requestId: 'req-other' })).toEqual([]);
        expect(await list({ workspace: 'other' })).toEqual([]);
        const [delivery] = await store.listDeliveries({}, null, 1);
        expect(await store.readDelivery(delivery?.id ?? '')).toEqual(delivery);
        expect(await store.readDelivery('msg_none')).toBeNull();
      }));
  });
}
