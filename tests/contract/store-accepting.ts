import { describe, expect, test } from '@jest/globals';
import {
  CANCELLED,
  aClaim,
  aRequest,
  aSession,
  enqueue,
  eventTypes,
  mustClaim,
  type OpenStore,
  ROOMY,
  T0,
  withStore,
} from './store-fixtures.ts';

export function describeAccepting(open: OpenStore): void {
  describe('accepting', () => {
    test('an accepted request is queued and reads back as it was handed in', () =>
      withStore(open, async ({ store }) => {
        const request = aRequest('a', { replyTo: 'https://example.org/hook', priority: 'high' });
        const outcome = await store.accept(request, ROOMY, null);
        const expected = {
          ...request,
          altered: [],
          arrived: null,
          conversationLost: null,
          state: 'queued',
          phase: null,
          reason: null,
          retryable: null,
          error: null,
          cancelAskedAt: null,
          startedAt: null,
          completedAt: null,
          epoch: 0,
          retries: 0,
          transcriptOffset: null,
          text: null,
          usage: null,
          usagePending: false,
          trace: null,
          hookMetadata: {},
        };
        expect(outcome).toEqual({ kind: 'created', request: expected, isNewSession: true });
        expect(await store.readRequest('a')).toEqual(expected);
        expect(await store.readRequest('unknown')).toBeNull();
      }));

    test('an accepted request survives closing and opening the store', () =>
      withStore(open, async (bench) => {
        await enqueue(bench.store, aRequest('a'));
        const before = await bench.store.readRequest('a');
        const reopened = await bench.reopen();
        expect(await reopened.readRequest('a')).toEqual(before);
        expect(await reopened.listUnended()).toEqual([before]);
      }));

    test('accepting creates the session only when it is new', () =>
      withStore(open, async ({ store }) => {
        await enqueue(store, aRequest('a'), aRequest('b'));
        expect(await store.readSession('demo')).toEqual(aSession('demo'));
        expect(await eventTypes(store)).toEqual(['session.created', 'request.queued', 'request.queued']);
      }));

    test('another agent than the session has is refused and leaves no trace', () =>
      withStore(open, async ({ store }) => {
        // A database may know an agent that this build has no driver for.
        const session = { ...aSession('demo'), agent: 'other' as 'claude' };
        await store.ensureSession(session);
        expect(await store.accept(aRequest('a'), ROOMY, null)).toEqual({ kind: 'agent_mismatch', agent: 'other' });
        expect(await store.readRequest('a')).toBeNull();
        expect(await eventTypes(store)).toEqual(['session.created']);
      }));

    test('who asks for no agent gets that of the session, and a new session the one that is usual', () =>
      withStore(open, async ({ store }) => {
        await store.ensureSession({ ...aSession('printed'), agent: 'claude-print' });
        const agents = ['claude', 'claude-print'] as const;
        const old = await store.accept(aRequest('a', { workspace: 'printed', agents }), ROOMY, null);
        const fresh = await store.accept(aRequest('b', { agents }), ROOMY, null);
        expect(old).toMatchObject({ kind: 'created', request: { agent: 'claude-print' } });
        expect(fresh).toMatchObject({ kind: 'created', request: { agent: 'claude' } });
        expect(await store.readRequest('a')).toMatchObject({ agent: 'claude-print' });
        expect(await store.listAudit(0, 10)).toMatchObject([
          { subject: 'a', detail: { agent: 'claude-print' } },
          { subject: 'b', detail: { agent: 'claude' } },
        ]);
      }));

    test('an agent that nobody runs is refused and leaves no trace, whether a session has it or it is the usual one', () =>
      withStore(open, async ({ store }) => {
        await store.ensureSession({ ...aSession('demo'), agent: 'other' as 'claude' });
        const refused = { kind: 'agent_unknown', agent: 'other' };
        expect(await store.accept(aRequest('a', { agents: ['claude'] }), ROOMY, null)).toEqual(refused);
        const unusual = aRequest('b', { workspace: 'new', agent: 'other' as 'claude', agents: ['claude'] });
        expect(await store.accept(unusual, ROOMY, null)).toEqual(refused);
        expect(await eventTypes(store)).toEqual(['session.created']);
      }));

    test('24 submitters at once never exceed the limit of a session', () =>
      withStore(open, async ({ store }) => {
        const limits = { total: 100, perSession: 5 };
        const outcomes = await Promise.all(
          Array.from({ length: 24 }, (_, n) => store.accept(aRequest(`r${n}`), limits, null)),
        );
        expect(outcomes.filter((outcome) => outcome.kind === 'created')).toHaveLength(5);
        expect(outcomes.slice(5)).toEqual(Array(19).fill({ kind: 'queue_full', limit: 'session' }));
        expect(await store.listQueued('demo')).toHaveLength(5);
      }));

    test('24 submitters to 24 sessions at once never exceed the limit of all', () =>
      withStore(open, async ({ store }) => {
        const limits = { total: 7, perSession: 5 };
        const outcomes = await Promise.all(
          Array.from({ length: 24 }, (_, n) => store.accept(aRequest(`r${n}`, { workspace: `w${n}` }), limits, null)),
        );
        expect(outcomes.filter((outcome) => outcome.kind === 'created')).toHaveLength(7);
        expect(outcomes.at(-1)).toEqual({ kind: 'queue_full', limit: 'total' });
        expect(await store.listSessions()).toHaveLength(7);
      }));

    test('a running turn takes no place in the queue', () =>
      withStore(open, async ({ store }) => {
        await enqueue(store, aRequest('a'));
        await mustClaim(store);
        expect((await store.accept(aRequest('b'), { total: 1, perSession: 1 }, null)).kind).toBe('created');
      }));
  });

  describe('queue limits', () => {
    test('a place is free again once a request was claimed or ended, and taken again when it is requeued', () =>
      withStore(open, async (bench) => {
        const limits = { total: 2, perSession: 2 };
        await enqueue(bench.store, aRequest('a'), aRequest('b'));
        expect((await bench.store.accept(aRequest('c'), limits, null)).kind).toBe('queue_full');
        const turn = await mustClaim(bench.store);
        await bench.store.requeue(turn, T0);
        const store = await bench.reopen();
        expect((await store.accept(aRequest('d'), limits, null)).kind).toBe('queue_full');
        await store.endQueued('b', CANCELLED, T0);
        expect((await store.accept(aRequest('e'), limits, null)).kind).toBe('created');
        expect((await store.accept(aRequest('f'), limits, null)).kind).toBe('queue_full');
      }));
  });

  describe('idempotency keys', () => {
    test('two equal submissions in one tick make one request, and the second is a replay', () =>
      withStore(open, async ({ store }) => {
        const [first, second] = await Promise.all([
          store.accept(aRequest('a'), ROOMY, aClaim()),
          store.accept(aRequest('b'), ROOMY, aClaim()),
        ]);
        expect(first.kind).toBe('created');
        expect(second).toEqual({ kind: 'replayed', request: await store.readRequest('a') });
        expect(await store.readRequest('b')).toBeNull();
        expect(await eventTypes(store)).toEqual(['session.created', 'request.queued']);
      }));

    test('a replay shows the request as it is now, also after a restart', () =>
      withStore(open, async (bench) => {
        await bench.store.accept(aRequest('a'), ROOMY, aClaim());
        await mustClaim(bench.store);
        const store = await bench.reopen();
        const outcome = await store.accept(aRequest('b'), ROOMY, aClaim());
        expect(outcome).toMatchObject({ kind: 'replayed', request: { id: 'a', state: 'running' } });
      }));

    test('a replay comes before a full queue', () =>
      withStore(open, async ({ store }) => {
        const limits = { total: 1, perSession: 1 };
        await store.accept(aRequest('a'), limits, aClaim());
        expect((await store.accept(aRequest('b'), limits, aClaim())).kind).toBe('replayed');
      }));

    test('the same key with another body is a mismatch', () =>
      withStore(open, async ({ store }) => {
        await store.accept(aRequest('a'), ROOMY, aClaim());
        const outcome = await store.accept(aRequest('b'), ROOMY, aClaim({ bodyHash: 'hash-2' }));
        expect(outcome).toEqual({ kind: 'idempotency_mismatch' });
        expect(await store.readRequest('b')).toBeNull();
      }));

    test('the same key of another owner is another key', () =>
      withStore(open, async ({ store }) => {
        await store.accept(aRequest('a'), ROOMY, aClaim());
        expect((await store.accept(aRequest('b'), ROOMY, aClaim({ owner: 'key-2' }))).kind).toBe('created');
      }));

    test('a key older than notBefore is forgotten and claimed anew', () =>
      withStore(open, async ({ store }) => {
        await store.accept(aRequest('a'), ROOMY, aClaim());
        const late = aClaim({ notBefore: T0 + 1, bodyHash: 'hash-2' });
        expect((await store.accept(aRequest('b', { createdAt: T0 + 2 }), ROOMY, late)).kind).toBe('created');
        expect(await store.accept(aRequest('c'), ROOMY, late)).toMatchObject({
          kind: 'replayed',
          request: { id: 'b' },
        });
      }));

    test('a refused submission claims no key', () =>
      withStore(open, async ({ store }) => {
        expect((await store.accept(aRequest('a'), { total: 0, perSession: 0 }, aClaim())).kind).toBe('queue_full');
        expect((await store.accept(aRequest('a'), ROOMY, aClaim({ bodyHash: 'hash-2' }))).kind).toBe('created');
      }));
  });
}
