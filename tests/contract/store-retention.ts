import { describe, expect, test } from '@jest/globals';
import type { Forgotten, RetentionPlace } from '../../src/core/ports/retention/retention-store.ts';
import type { Store } from '../../src/core/ports/store.ts';
import {
  aClaim,
  anApproval,
  aRequest,
  CANCELLED,
  COMPLETED,
  enqueue,
  mustClaim,
  type OpenStore,
  ROOMY,
  runNext,
  T0,
  withStore,
} from './store-fixtures.ts';

const WEBHOOK = 'webhook:https://example.org/hook';
const DAY_MS = 86_400_000;

export function describeRetention(open: OpenStore): void {
  describe('forgetting', () => {
    test('takes what ended before an instant, with all that is of it, and leaves the rest', () =>
      withStore(open, async ({ store }) => {
        await enqueue(store, aRequest('old', { replyTo: WEBHOOK }));
        await runNext(store, T0 + 10);
        await settle(store, 'old', T0 + 11);
        await enqueue(store, aRequest('young', { createdAt: T0 + 100, replyTo: WEBHOOK }));
        await runNext(store, T0 + 110);
        await settle(store, 'young', T0 + 111);
        const forgotten = await forgetAll(store, T0 + 100);
        expect(forgotten).toEqual({ requests: 1, events: 5, deliveries: 1, keys: 0 });
        expect(await store.readRequest('old')).toBeNull();
        expect(await store.listDeliveries({ requestId: 'old' }, null, 10)).toEqual([]);
        expect((await store.readRequest('young'))?.text).toBe('done');
        expect(await store.listDeliveries({ requestId: 'young' }, null, 10)).toHaveLength(1);
        expect(new Set((await store.listEvents(0, 100)).map(({ at }) => at >= T0 + 100))).toEqual(new Set([true]));
      }));

    test('takes approvals with their request', () =>
      withStore(open, async ({ store }) => {
        await enqueue(store, aRequest('old'));
        const turn = await mustClaim(store);
        await store.openApproval(turn, anApproval('apr-1', { requestId: 'old' }));
        await store.end(turn, COMPLETED, T0 + 1);
        await forgetAll(store, T0 + 10);
        expect(await store.listApprovals({}, 10)).toEqual({ approvals: [], total: 0 });
      }));

    test('goes on in small steps, from the oldest', () =>
      withStore(open, async ({ store }) => {
        for (let n = 0; n < 130; n += 1) await enqueue(store, aRequest(`r${n}`, { createdAt: T0 + n }));
        for (let n = 0; n < 130; n += 1) await runNext(store, T0 + 100 + n);
        let place = START;
        const left: number[] = [];
        for (let isOver = false; !isOver;) {
          const step = await store.forget({ endedBefore: T0 + 1_000, keysBefore: 0 }, place);
          place = step.place;
          isOver = step.isOver;
          const requests = await store.listRequests({}, null, 200);
          left.push(requests.length);
          // The youngest are those that are left.
          expect(requests.map(({ id }) => id)).toEqual(
            Array.from({ length: requests.length }, (_, index) => `r${129 - index}`),
          );
        }
        expect(left.length).toBeGreaterThan(2);
        expect(left.at(-1)).toBe(0);
      }));

    test('leaves what waits, what runs, and what ended later', () =>
      withStore(open, async ({ store }) => {
        await enqueue(store, aRequest('later'), aRequest('waits'), aRequest('runs', { workspace: 'other' }));
        await mustClaim(store, 'other', T0 + 1);
        await runNext(store, T0 + 500);
        await forgetAll(store, T0 + 100);
        const kept = (await store.listRequests({}, null, 10)).map(({ id }) => id);
        expect(kept.toSorted()).toEqual(['later', 'runs', 'waits']);
      }));

    test('leaves a request while something of it is owed', () =>
      withStore(open, async ({ store }) => {
        await enqueue(store, aRequest('owed', { replyTo: WEBHOOK }), aRequest('attended', { owed: ATTENDED }));
        await store.end(await mustClaim(store), COMPLETED, T0 + 1);
        await store.end(await mustClaim(store), COMPLETED, T0 + 2);
        await forgetAll(store, T0 + 100);
        expect(await store.listRequests({}, null, 10)).toHaveLength(2);
        await settle(store, 'owed', T0 + 3);
        await store.settleAnswer('attended');
        await forgetAll(store, T0 + 100);
        expect(await store.listRequests({}, null, 10)).toEqual([]);
      }));

    test('leaves a request whose usage is still to come', () =>
      withStore(open, async ({ store }) => {
        await enqueue(store, aRequest('a'));
        const turn = await mustClaim(store);
        await store.end(turn, { ...COMPLETED, usage: 'pending' }, T0 + 1);
        await forgetAll(store, T0 + 100);
        expect(await store.readRequest('a')).not.toBeNull();
        await store.noteUsage(turn, null, T0 + 2);
        await forgetAll(store, T0 + 100);
        expect(await store.readRequest('a')).toBeNull();
      }));

    test('leaves a request with the key that is kept for it, and with one that is young', () =>
      withStore(open, async ({ store }) => {
        await store.accept(aRequest('kept'), ROOMY, aClaim({ key: 'kept', kept: true }));
        await store.accept(aRequest('young'), ROOMY, aClaim({ key: 'young' }));
        await runNext(store, T0 + 1);
        await runNext(store, T0 + 1);
        await forgetAll(store, T0 + 100, T0);
        expect(await store.listRequests({}, null, 10)).toHaveLength(2);
        await store.releaseKey('key-1', 'kept');
        await forgetAll(store, T0 + 100, T0 + 1);
        expect(await store.listRequests({}, null, 10)).toEqual([]);
        expect(await store.findByKey('key-1', 'young')).toBeNull();
      }));

    test('takes keys that are too old, also of requests that stay', () =>
      withStore(open, async ({ store }) => {
        await store.accept(aRequest('a'), ROOMY, aClaim({ key: 'once' }));
        await store.accept(aRequest('b'), ROOMY, aClaim({ key: 'kept', kept: true }));
        expect((await forgetAll(store, T0 - DAY_MS, T0 + 1)).keys).toBe(1);
        expect(await store.findByKey('key-1', 'once')).toBeNull();
        expect((await store.findByKey('key-1', 'kept'))?.id).toBe('b');
      }));

    test('never takes the last event, so that numbers go on', () =>
      withStore(open, async (bench) => {
        await enqueue(bench.store, aRequest('a'));
        await runNext(bench.store, T0 + 1);
        const { last } = await bench.store.readEventSpan();
        await forgetAll(bench.store, T0 + 100);
        const store = await bench.reopen();
        expect(await store.readEventSpan()).toEqual({ first: last, last });
        await enqueue(store, aRequest('b', { createdAt: T0 + 200 }));
        expect((await store.readEventSpan()).last).toBeGreaterThan(last);
      }));

    test('the rows take less afterwards', () =>
      withStore(open, async ({ store }) => {
        const prompt = 'a long prompt '.repeat(1_000);
        await enqueue(store, ...Array.from({ length: 50 }, (_, n) => aRequest(`r${n}`, { prompt })));
        for (let n = 0; n < 50; n += 1) await store.endQueued(`r${n}`, CANCELLED, T0 + 1);
        const before = await store.readUsedBytes();
        await forgetAll(store, T0 + 100);
        expect(await store.readUsedBytes()).toBeLessThan(before / 2);
      }));
  });

  describe('what is still needed', () => {
    test('is nothing where nothing waits', () =>
      withStore(open, async ({ store }) => {
        expect(await store.readNeededSince()).toBeNull();
      }));

    test('is all since the oldest request that waits or runs', () =>
      withStore(open, async ({ store }) => {
        await enqueue(store, aRequest('a'), aRequest('b', { createdAt: T0 + 5, workspace: 'other' }));
        await mustClaim(store, 'demo', T0 + 6);
        expect(await store.readNeededSince()).toBe(T0);
      }));

    test('is all since a pause that stands, and no more once it is over', () =>
      withStore(open, async ({ store }) => {
        const event = { requestId: null, workspace: 'demo', data: { agent: 'claude' } };
        await store.appendEvent({ ...event, type: 'agent.paused', at: T0 - 7 });
        expect(await store.readNeededSince()).toBe(T0 - 7);
        await store.appendEvent({ ...event, type: 'agent.resumed', at: T0 });
        expect(await store.readNeededSince()).toBeNull();
      }));
  });
}

const START: RetentionPlace = { createdAt: 0, seq: 0, delivery: 0 };
const ATTENDED = { file: null, attended: true } as const;

async function forgetAll(store: Store, endedBefore: number, keysBefore = T0): Promise<Forgotten> {
  let place = START;
  const sum = { requests: 0, events: 0, deliveries: 0, keys: 0 };
  for (;;) {
    const step = await store.forget({ endedBefore, keysBefore }, place);
    sum.requests += step.forgotten.requests;
    sum.events += step.forgotten.events;
    sum.deliveries += step.forgotten.deliveries;
    sum.keys += step.forgotten.keys;
    if (step.isOver) return sum;
    place = step.place;
  }
}

/** What is owed of a request is sent. */
async function settle(store: Store, requestId: string, now: number): Promise<void> {
  for (const { id } of await store.listDeliveries({ requestId }, null, 10)) {
    await store.beginDelivery(id);
    await store.endDelivery(id, { state: 'sent', error: null, link: null }, now);
  }
}
