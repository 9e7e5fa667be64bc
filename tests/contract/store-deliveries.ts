import { describe, expect, test } from '@jest/globals';
import type { EndedDelivery, FailedAttempt } from '../../src/core/ports/outbox-store.ts';
import type { DeliveryRecord } from '../../src/core/model/delivery.ts';
import type { WebhookRecord } from '../../src/core/model/webhook.ts';
import type { NewApproval, Store } from '../../src/core/ports/store.ts';
import {
  aRequest,
  CANCELLED,
  COMPLETED,
  enqueue,
  mustClaim,
  type OpenStore,
  runNext,
  T0,
  withStore,
} from './store-fixtures.ts';

const A = 'webhook:https://a.example/';
const B = 'webhook:https://b.example/';
const SENT: EndedDelivery = { state: 'sent', error: null, link: null };
const REFUSED: EndedDelivery = { state: 'refused', error: 'no', link: null };
const BUSY: FailedAttempt = { error: 'busy', notBefore: T0 + 5_000, isUnsure: false, pause: false };

const anApproval = (id: string, requestId: string): NewApproval => ({
  id,
  requestId,
  workspace: 'demo',
  kind: 'tool',
  toolUseId: `use-${id}`,
  subagent: null,
  tool: 'Bash',
  input: {},
  rules: [],
  createdAt: T0,
  expiresAt: T0 + 1_000,
});

const aWebhook = (id: string, more: Partial<WebhookRecord> = {}): WebhookRecord => ({
  id,
  url: 'https://a.example/',
  events: ['request.completed'],
  workspaces: null,
  createdAt: T0,
  disabledAt: null,
  secrets: [{ secret: 'whsec_x', validUntil: null }],
  ...more,
});

/** Requests that have completed, each owed to an address. */
async function owe(store: Store, ...addresses: readonly string[]): Promise<readonly DeliveryRecord[]> {
  for (const [at, to] of addresses.entries()) {
    await enqueue(store, aRequest(`r${at}`, { replyTo: to }));
    await runNext(store);
  }
  return (await store.listDeliveries({}, null, 100)).toReversed();
}

const headOf = async (store: Store, lane: string): Promise<DeliveryRecord> => {
  const head = await store.readLaneHead(lane);
  if (head === null) throw new Error(`nothing is owed to ${lane}`);
  return head.delivery;
};

export function describeDeliveries(open: OpenStore): void {
  describe('what a request owes', () => {
    test('is its end, to the address that it named, in the transaction of the end', () =>
      withStore(open, async ({ store, reopen }) => {
        await owe(store, A);
        const later = await reopen();
        expect(await later.listDeliveries({}, null, 10)).toMatchObject([
          {
            to: A,
            kind: 'answer',
            requestId: 'r0',
            workspace: 'demo',
            webhookId: null,
            state: 'waiting',
            attempts: 0,
            nextAttemptAt: T0,
            event: { type: 'request.completed', at: T0 },
          },
        ]);
      }));

    test.each(['queued', 'overdue'] as const)('is owed also when it ends while it is %s', (how) =>
      withStore(open, async ({ store }) => {
        await enqueue(store, aRequest('a', { replyTo: A }));
        if (how === 'queued') await store.endQueued('a', CANCELLED, T0);
        else await store.endOverdue(T0, { ...CANCELLED, state: 'timed_out' }, T0);
        expect(await store.listDeliveries({}, null, 10)).toMatchObject([{ requestId: 'a', to: A }]);
      }),
    );

    test('is nothing when it named no address, and nothing twice', () =>
      withStore(open, async ({ store }) => {
        await enqueue(store, aRequest('a', { replyTo: A }), aRequest('b'));
        const turn = await mustClaim(store);
        await store.end(turn, COMPLETED, T0);
        expect(await store.end(turn, COMPLETED, T0)).toBe(false);
        await runNext(store);
        expect(await store.listDeliveries({}, null, 10)).toHaveLength(1);
      }));
  });

  describe('what a thread of a chat is told', () => {
    const THREAD = 'telegram:-100:7';
    const owed = async (store: Store) =>
      (await store.listDeliveries({ to: THREAD }, null, 100))
        .toReversed()
        .map(({ kind, event }) => `${kind} ${event.type}`);

    test('is the prompt of a request that came from elsewhere, how it gets on, and its end', () =>
      withStore(open, async ({ store }) => {
        await enqueue(store, aRequest('a', { replyTo: THREAD, source: 'inject' }));
        expect(await owed(store)).toEqual(['prompt request.queued', 'progress request.queued']);
        await runNext(store);
        expect(await owed(store)).toEqual([
          'prompt request.queued',
          'progress request.completed',
          'answer request.completed',
        ]);
      }));

    test('is not the prompt that was written in it', () =>
      withStore(open, async ({ store }) => {
        await enqueue(store, aRequest('a', { replyTo: THREAD, source: 'telegram' }));
        expect(await owed(store)).toEqual(['progress request.queued']);
      }));

    test('is the latest of how it gets on: what has not gone out is not told twice', () =>
      withStore(open, async ({ store }) => {
        await enqueue(store, aRequest('a', { replyTo: THREAD, source: 'telegram' }));
        const turn = await mustClaim(store);
        const [first] = await store.listDeliveries({ to: THREAD }, null, 1);
        await store.beginDelivery(first?.id ?? '');
        const tool = {
          type: 'tool.started',
          requestId: 'a',
          workspace: 'demo',
          at: T0,
          data: { tool: 'Bash' },
        } as const;
        await store.appendEvent(tool);
        await store.appendEvent({ ...tool, data: { tool: 'Write' } });
        expect(await owed(store)).toEqual(['progress request.started', 'progress tool.started']);
        expect(await store.listDeliveries({ to: THREAD }, null, 1)).toMatchObject([
          { event: { data: { tool: 'Write' } } },
        ]);
        await store.end(turn, COMPLETED, T0);
      }));

    test('is every approval, and what became of it', () =>
      withStore(open, async ({ store }) => {
        await enqueue(store, aRequest('a', { replyTo: THREAD, source: 'telegram' }));
        const turn = await mustClaim(store);
        await store.openApproval(turn, anApproval('apr-1', 'a'));
        await store.settleApproval('apr-1', { state: 'denied', by: 'api' }, T0);
        expect((await owed(store)).filter((line) => line.startsWith('approval'))).toEqual([
          'approval approval.opened',
          'approval approval.denied',
        ]);
      }));

    test('as progress is a change of the one message, also while an approval is waited for', () =>
      withStore(open, async ({ store }) => {
        await enqueue(store, aRequest('a', { replyTo: THREAD, source: 'telegram' }));
        const { id } = await headOf(store, THREAD);
        await store.beginDelivery(id);
        await store.endDelivery(id, { ...SENT, messages: ['the message'] }, T0);
        await store.openApproval(await mustClaim(store), anApproval('apr-1', 'a'));
        const { id: decision } = await headOf(store, THREAD);
        await store.beginDelivery(decision);
        await store.endDelivery(decision, { ...SENT, messages: ['the question'] }, T0);
        const progress = await headOf(store, THREAD);
        expect([progress.kind, progress.event.type]).toEqual(['progress', 'approval.opened']);
        expect(await store.readEarlierMessages(progress)).toEqual(['the message']);
      }));

    test('as progress is owed anew while the turn runs and nothing of it is owed, for its time goes on', () =>
      withStore(open, async ({ store }) => {
        await enqueue(store, aRequest('a', { replyTo: THREAD, source: 'telegram' }), aRequest('b', { workspace: 'w' }));
        const sendHead = async (): Promise<void> => {
          const { id } = await headOf(store, THREAD);
          await store.beginDelivery(id);
          await store.endDelivery(id, { ...SENT, messages: ['the message'] }, T0);
        };
        await sendHead();
        await store.retellProgress('a', T0 + 1);
        expect(await store.readLaneHead(THREAD)).toBeNull();
        const turn = await mustClaim(store);
        await store.retellProgress('a', T0 + 1);
        expect(await owed(store)).toEqual(['progress request.queued', 'progress request.started']);
        await sendHead();
        await mustClaim(store, 'w');
        for (const id of ['b', 'nobody']) await store.retellProgress(id, T0 + 2);
        expect(await store.readLaneHead(THREAD)).toBeNull();
        for (const id of ['a', null]) await store.retellProgress(id, T0 + 2);
        const again = await headOf(store, THREAD);
        expect(again).toMatchObject({ kind: 'progress', createdAt: T0 + 2, event: { type: 'request.started' } });
        expect(await store.readEarlierMessages(again)).toEqual(['the message']);
        await sendHead();
        await store.retellProgress(null, T0 + 3);
        expect(await headOf(store, THREAD)).toMatchObject({ createdAt: T0 + 3 });
        await store.end(turn, COMPLETED, T0 + 4);
        await sendHead();
        await store.retellProgress(null, T0 + 5);
        expect((await owed(store)).at(-1)).toBe('answer request.completed');
      }));

    test('as progress that is owed anew takes the place of what it tells again, but for the one that has the message', () =>
      withStore(open, async ({ store }) => {
        await enqueue(store, aRequest('a', { replyTo: THREAD, source: 'telegram' }));
        await mustClaim(store);
        for (const messages of [['the message'], [], [], [], ['another'], []]) {
          const { id } = await headOf(store, THREAD);
          await store.beginDelivery(id);
          await store.endDelivery(id, { ...SENT, messages }, T0);
          await store.retellProgress('a', T0 + 1);
        }
        const kept = await store.listDeliveries({ requestId: 'a' }, null, 100);
        expect(kept.map(({ state, messages }) => [state, ...messages])).toEqual([
          ['waiting'],
          ['sent', 'another'],
          ['sent', 'the message'],
        ]);
        expect(await store.readEarlierMessages(await headOf(store, THREAD))).toEqual(['another']);
      }));

    test('as a decision goes out before an answer of which a part is out, and elsewhere in its place', () =>
      withStore(open, async ({ store }) => {
        await enqueue(store, aRequest('a', { replyTo: THREAD, source: 'telegram' }));
        await runNext(store);
        const answer = await headOf(store, THREAD);
        await store.beginDelivery(answer.id);
        await store.keepPart(answer.id, ['1']);
        await enqueue(store, aRequest('b', { replyTo: THREAD, source: 'telegram' }));
        await store.openApproval(await mustClaim(store), anApproval('apr-1', 'b'));
        const decision = await headOf(store, THREAD);
        expect([answer.kind, decision.kind]).toEqual(['answer', 'approval']);
        await store.beginDelivery(decision.id);
        await store.endDelivery(decision.id, SENT, T0);
        expect(await headOf(store, THREAD)).toMatchObject({ id: answer.id, messages: ['1'] });
      }));

    test('goes out before how it gets on', () =>
      withStore(open, async ({ store }) => {
        await enqueue(store, aRequest('a', { replyTo: THREAD, source: 'telegram' }));
        await runNext(store);
        expect((await headOf(store, THREAD)).kind).toBe('answer');
      }));

    test('of several messages is one attempt while they go well, and unsure only of the last one', () =>
      withStore(open, async ({ store }) => {
        await enqueue(store, aRequest('a', { replyTo: THREAD, source: 'telegram' }));
        const { id } = await headOf(store, THREAD);
        const unsure = async (): Promise<boolean | undefined> => (await store.readLaneHead(THREAD))?.isUnsure;
        const delay = { error: 'broke', notBefore: T0, pause: false };
        await store.beginDelivery(id);
        await store.delayDelivery(id, { ...delay, isUnsure: true }, T0);
        await store.beginDelivery(id);
        expect(await store.keepPart(id, ['1'])).toBe(true);
        expect(await store.keepPart(id, [])).toBe(false);
        expect(await store.readLaneHead(THREAD)).toMatchObject({
          failing: null,
          isUnsure: false,
          delivery: { state: 'waiting', attempts: 1, messages: ['1'] },
        });
        await store.beginDelivery(id);
        await store.delayDelivery(id, { ...delay, isUnsure: true }, T0);
        expect(await unsure()).toBe(true);
      }));

    test('is a change of the message that told of the same before', () =>
      withStore(open, async ({ store }) => {
        await enqueue(store, aRequest('a', { replyTo: THREAD, source: 'telegram' }));
        const turn = await mustClaim(store);
        for (const id of ['apr-1', 'apr-2']) {
          await store.openApproval(turn, anApproval(id, 'a'));
          const { id: delivery } = await headOf(store, THREAD);
          await store.beginDelivery(delivery);
          await store.endDelivery(delivery, { ...SENT, messages: [`message of ${id}`] }, T0);
        }
        await store.settleApproval('apr-1', { state: 'denied', by: 'api' }, T0);
        expect(await store.readEarlierMessages(await headOf(store, THREAD))).toEqual(['message of apr-1']);
      }));

    test('an approval was told where it is owed, and nowhere else', () =>
      withStore(open, async ({ store }) => {
        await enqueue(store, aRequest('a', { replyTo: THREAD, source: 'telegram' }));
        const turn = await mustClaim(store);
        for (const id of ['apr-1', 'apr-2']) await store.openApproval(turn, anApproval(id, 'a'));
        const isTold = (id: string, requestId: string, to: string) => store.isTold({ id, requestId }, to);
        const first = await headOf(store, THREAD);
        await store.beginDelivery(first.id);
        await store.endDelivery(first.id, SENT, T0);
        expect(
          await Promise.all([
            isTold('apr-1', 'a', THREAD),
            isTold('apr-2', 'a', THREAD),
            isTold('apr-1', 'a', A),
            isTold('apr-3', 'a', THREAD),
            isTold('apr-1', 'b', THREAD),
          ]),
        ).toEqual([true, true, false, false, false]);
      }));
  });

  describe('what subscriptions are owed', () => {
    test('is what they asked for, of the workspaces that they named', () =>
      withStore(open, async ({ store }) => {
        await store.addWebhook(aWebhook('all', { events: ['request.completed', 'agent.paused'] }));
        await store.addWebhook(aWebhook('other', { url: 'https://b.example/', workspaces: ['other'] }));
        await store.addWebhook(aWebhook('failures', { url: 'https://b.example/', events: ['request.failed'] }));
        await owe(store, B);
        await store.appendEvent({
          type: 'agent.paused',
          requestId: null,
          workspace: '',
          at: T0,
          data: { agent: 'claude' },
        });
        const owed = (await store.listDeliveries({}, null, 10)).toReversed();
        expect(owed).toMatchObject([
          { to: B, webhookId: null, kind: 'answer' },
          { to: A, webhookId: 'all', kind: 'answer' },
          { to: A, webhookId: 'all', kind: 'notice', workspace: null, event: { data: { agent: 'claude' } } },
        ]);
      }));

    test('is nothing more once their receiver is gone, and what waited is refused', () =>
      withStore(open, async ({ store }) => {
        await store.addWebhook(aWebhook('w'));
        await owe(store, B);
        await store.disableWebhook('w', T0 + 1);
        await enqueue(store, aRequest('later'));
        await runNext(store);
        expect(await store.listDeliveries({ webhookId: 'w' }, null, 10)).toMatchObject([
          { state: 'refused', lastError: expect.stringContaining('410'), endedAt: T0 + 1 },
        ]);
        expect(await store.listWebhooks()).toMatchObject([{ id: 'w', disabledAt: T0 + 1 }]);
      }));

    test('is refused when they are deleted', () =>
      withStore(open, async ({ store }) => {
        await store.addWebhook(aWebhook('w'));
        await owe(store, B);
        expect([await store.deleteWebhook('w', T0), await store.deleteWebhook('w', T0)]).toEqual([true, false]);
        expect(await store.listDeliveries({ webhookId: 'w' }, null, 10)).toMatchObject([{ state: 'refused' }]);
        expect(await store.listWebhooks()).toEqual([]);
      }));

    test('is refused when they are deleted, however much it is, and others are heard meanwhile', () =>
      withStore(open, async ({ store }) => {
        await store.addWebhook(aWebhook('w'));
        await Promise.all(Array.from({ length: 500 }, () => store.oweTest('w', T0)));
        let isOver = false;
        const deleted = store.deleteWebhook('w', T0).then(() => (isOver = true));
        await store.probe();
        await store.probe();
        expect(isOver).toBe(false);
        await deleted;
        expect(await store.countOwed()).toBe(0);
        expect(await store.listDeliveries({ webhookId: 'w', state: 'refused' }, null, 1_000)).toHaveLength(500);
      }));

    test('is a test when one is asked for', () =>
      withStore(open, async ({ store }) => {
        expect(await store.oweTest('w', T0)).toBeNull();
        await store.addWebhook(aWebhook('w'));
        expect(await store.oweTest('w', T0)).toMatchObject({ to: A, kind: 'test', event: { type: 'webhook.test' } });
      }));

    test('is signed with every secret that was the newest within a day', () =>
      withStore(open, async ({ store, reopen }) => {
        expect(await store.rotateSecret('w', 'whsec_y', T0)).toBeNull();
        await store.addWebhook(aWebhook('w'));
        await Promise.all(['whsec_y', 'whsec_z'].map((secret) => store.rotateSecret('w', secret, T0)));
        const later = await reopen();
        expect((await later.readWebhook('w'))?.secrets).toEqual([
          { secret: 'whsec_z', validUntil: null },
          { secret: 'whsec_y', validUntil: T0 + 86_400_000 },
          { secret: 'whsec_x', validUntil: T0 + 86_400_000 },
        ]);
        await later.rotateSecret('w', 'whsec_0', T0 + 86_400_000);
        expect((await later.readWebhook('w'))?.secrets.map(({ secret }) => secret)).toEqual(['whsec_0', 'whsec_z']);
      }));

    test('is tried at once when a test is asked for, and fails no longer when it is deleted', () =>
      withStore(open, async ({ store }) => {
        await store.addWebhook(aWebhook('w'));
        await owe(store, B);
        const { id } = await headOf(store, A);
        await store.beginDelivery(id);
        await store.delayDelivery(id, BUSY, T0);
        await store.oweTest('w', T0);
        expect(await store.listFailingLanes(10)).toEqual([]);
        await store.beginDelivery(id);
        await store.delayDelivery(id, BUSY, T0);
        await store.deleteWebhook('w', T0);
        expect(await store.listFailingLanes(10)).toEqual([]);
      }));

    test('is refused when they are deleted but for what is under way, and is not owed again', () =>
      withStore(open, async ({ store }) => {
        await store.addWebhook(aWebhook('w'));
        await store.oweTest('w', T0);
        await store.oweTest('w', T0);
        const { id } = await headOf(store, A);
        await store.beginDelivery(id);
        await store.deleteWebhook('w', T0);
        expect(await store.endDelivery(id, SENT, T0)).toBe(true);
        const [refused] = await store.listDeliveries({ state: 'refused' }, null, 10);
        expect(await store.repeatDelivery(refused?.id ?? '', T0)).toMatchObject({ repeated: false });
      }));
  });

  describe('a lane', () => {
    test('is proven once it has taken something', () =>
      withStore(open, async ({ store }) => {
        const [first] = await owe(store, A, A, B, B);
        const isProven = async (lane: string) => (await store.readLaneHead(lane))?.isProven;
        expect(await isProven(A)).toBe(false);
        await store.beginDelivery(first?.id ?? '');
        expect(await isProven(A)).toBe(false);
        await store.endDelivery(first?.id ?? '', SENT, T0);
        expect(await isProven(A)).toBe(true);
        await store.endDelivery((await headOf(store, B)).id, REFUSED, T0);
        expect(await isProven(B)).toBe(false);
      }));

    test('has the oldest first, and the next one once that has ended', () =>
      withStore(open, async ({ store }) => {
        const [first, other, second] = await owe(store, A, B, A);
        expect([(await headOf(store, A)).id, (await headOf(store, B)).id]).toEqual([first?.id, other?.id]);
        await store.beginDelivery(first?.id ?? '');
        expect(await store.endDelivery(first?.id ?? '', SENT, T0)).toBe(true);
        expect((await headOf(store, A)).id).toBe(second?.id);
        expect(await store.endDelivery(first?.id ?? '', SENT, T0)).toBe(false);
      }));

    test('is told of when something becomes owed in it', () =>
      withStore(open, async ({ store, reopen }) => {
        const before = await store.listOwedLanes(0);
        expect(before).toEqual({ lanes: [], latest: 0 });
        const [, , last] = await owe(store, A, B, A);
        expect(await store.listOwedLanes(1)).toEqual({ lanes: [B, A], latest: last?.seq });
        expect(await store.listOwedLanes(last?.seq ?? 0)).toEqual({ lanes: [], latest: last?.seq });
        await store.endDelivery((await headOf(store, B)).id, SENT, T0);
        expect((await (await reopen()).listOwedLanes(0)).lanes).toEqual([A]);
      }));

    test('that fails is not tried before its time, in a later process either, and forgets it once it takes something', () =>
      withStore(open, async ({ store, reopen }) => {
        const [first] = await owe(store, A);
        const id = first?.id ?? '';
        await store.beginDelivery(id);
        expect(await store.delayDelivery(id, BUSY, T0)).toBe(true);
        const later = await reopen();
        expect(await later.readLaneHead(A)).toMatchObject({
          delivery: { state: 'waiting', attempts: 1, lastError: 'busy', nextAttemptAt: T0 + 5_000 },
          failing: { failures: 1, failingSince: T0, pausedAt: null, lastError: 'busy' },
        });
        await later.beginDelivery(id);
        await later.delayDelivery(id, { ...BUSY, notBefore: T0 + 9_000, pause: true }, T0 + 5_000);
        expect(await later.listFailingLanes(10)).toMatchObject([
          { lane: A, failures: 2, failingSince: T0, notBefore: T0 + 9_000, pausedAt: T0 + 5_000 },
        ]);
        await later.endDelivery(id, SENT, T0 + 9_000);
        expect(await later.listFailingLanes(10)).toEqual([]);
      }));

    test('that gives something up goes on failing, and is forgotten with the last that is owed to it', () =>
      withStore(open, async ({ store }) => {
        const [first, second] = await owe(store, A, A);
        await store.beginDelivery(first?.id ?? '');
        await store.delayDelivery(first?.id ?? '', BUSY, T0);
        await store.endDelivery(first?.id ?? '', { ...REFUSED, state: 'given_up' }, T0);
        expect(await store.listFailingLanes(10)).toHaveLength(1);
        await store.endDelivery(second?.id ?? '', { ...REFUSED, state: 'given_up' }, T0);
        expect(await store.listFailingLanes(10)).toEqual([]);
      }));
  });

  describe('a delivery', () => {
    test('that was under way when its process ended, or whose outcome is not known, is unsure', () =>
      withStore(open, async ({ store, reopen }) => {
        const [first, second] = await owe(store, A, B);
        await store.beginDelivery(first?.id ?? '');
        await store.beginDelivery(second?.id ?? '');
        await store.delayDelivery(second?.id ?? '', { ...BUSY, isUnsure: true }, T0);
        const later = await reopen();
        expect([(await later.readLaneHead(A))?.isUnsure, (await later.readLaneHead(B))?.isUnsure]).toEqual([
          true,
          true,
        ]);
        await later.beginDelivery(first?.id ?? '');
        await later.delayDelivery(first?.id ?? '', BUSY, T0);
        expect(await later.readLaneHead(A)).toMatchObject({ isUnsure: true, delivery: { attempts: 2 } });
      }));

    test('that ended is told of, and not begun again', () =>
      withStore(open, async ({ store }) => {
        const [first] = await owe(store, A);
        await store.beginDelivery(first?.id ?? '');
        await store.endDelivery(first?.id ?? '', REFUSED, T0 + 1);
        expect(await store.beginDelivery(first?.id ?? '')).toBe(false);
        expect(await store.delayDelivery(first?.id ?? '', BUSY, T0)).toBe(false);
        const told = (await store.listEvents(0, 100)).at(-1);
        expect(told).toMatchObject({
          type: 'delivery.refused',
          requestId: null,
          workspace: 'demo',
          data: { deliveryId: first?.id, requestId: 'r0', kind: 'answer', attempts: 1, error: 'no' },
        });
      }));

    test('that was refused is owed again at its old place, and its lane may be tried at once', () =>
      withStore(open, async ({ store }) => {
        const [first, second] = await owe(store, A, A);
        await store.endDelivery(first?.id ?? '', REFUSED, T0);
        await store.beginDelivery(second?.id ?? '');
        await store.delayDelivery(second?.id ?? '', BUSY, T0);
        expect(await store.repeatDelivery(first?.id ?? '', T0 + 2)).toMatchObject({
          repeated: true,
          delivery: { state: 'waiting', endedAt: null, owedSince: T0 + 2, nextAttemptAt: T0 + 2 },
        });
        expect((await headOf(store, A)).id).toBe(first?.id);
        expect(await store.repeatDelivery(first?.id ?? '', T0)).toMatchObject({ repeated: false });
        expect(await store.repeatDelivery('nobody', T0)).toBeNull();
      }));
  });

  test('deliveries are listed newest first, by what they are, a page at a time', () =>
    withStore(open, async ({ store }) => {
      const owed = await owe(store, A, B, A);
      await store.endDelivery(owed[0]?.id ?? '', REFUSED, T0);
      const ids = async (...args: Parameters<Store['listDeliveries']>) =>
        (await store.listDeliveries(...args)).map(({ requestId }) => requestId);
      expect(await ids({}, null, 2)).toEqual(['r2', 'r1']);
      expect(await ids({}, owed[1]?.seq ?? 0, 2)).toEqual(['r0']);
      expect(await ids({ to: A }, null, 10)).toEqual(['r2', 'r0']);
      expect(await ids({ to: A, state: 'refused' }, null, 10)).toEqual(['r0']);
      expect(await ids({ requestId: 'r1', kind: 'answer', workspace: 'demo' }, null, 10)).toEqual(['r1']);
      expect(await ids({ webhookId: 'nobody' }, null, 10)).toEqual([]);
      expect(await store.countOwed()).toBe(2);
    }));

  test('a list by whatever is named has exactly those of all that fit, in order, a page at a time', () =>
    withStore(open, async ({ store }) => {
      await store.addWebhook(aWebhook('w'));
      for (const [at, to] of [A, B, A, B, B, A].entries()) {
        await enqueue(store, aRequest(`r${at}`, { replyTo: to, workspace: `w${at % 2}` }));
        await store.endQueued(`r${at}`, { ...COMPLETED, state: 'completed' }, T0);
      }
      await store.oweTest('w', T0);
      for (const lane of [A, B]) await store.endDelivery((await headOf(store, lane)).id, SENT, T0);
      for (const lane of [A, B]) await store.endDelivery((await headOf(store, lane)).id, REFUSED, T0);
      const all = await store.listDeliveries({}, null, 100);
      const some = {
        state: 'waiting',
        kind: 'answer',
        to: A,
        requestId: 'r5',
        workspace: 'w1',
        webhookId: 'w',
      } as const;
      const names = Object.keys(some) as (keyof typeof some)[];
      for (let bits = 1; bits < 2 ** names.length; bits += 1) {
        const named = names.filter((_, at) => ((bits >> at) & 1) === 1);
        const filter = Object.fromEntries(named.map((name) => [name, some[name]]));
        const fitting = all.filter((delivery) => named.every((name) => delivery[name] === some[name]));
        expect([filter, await store.listDeliveries(filter, null, 100)]).toEqual([filter, fitting]);
        const behind = fitting[0]?.seq ?? 1;
        expect([filter, await store.listDeliveries(filter, behind, 1)]).toEqual([filter, fitting.slice(1, 2)]);
      }
    }));
}
