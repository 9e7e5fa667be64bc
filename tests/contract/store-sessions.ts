import { describe, expect, test } from '@jest/globals';
import type { NewEvent } from '../../src/core/ports/store.ts';
import {
  aRequest,
  aSession,
  CANCELLED,
  COMPLETED,
  enqueue,
  eventTypes,
  mustClaim,
  type OpenStore,
  runNext,
  T0,
  withStore,
} from './store-fixtures.ts';

export function describeSessions(open: OpenStore): void {
  describe('sessions', () => {
    test('ensuring a session creates it once and returns an existing one as it is', () =>
      withStore(open, async ({ store }) => {
        const [first, second] = await Promise.all([
          store.ensureSession(aSession('demo')),
          store.ensureSession(aSession('demo', { createdAt: T0 + 1, agentSessionId: 'x' })),
        ]);
        expect(first).toEqual({ session: aSession('demo'), created: true });
        expect(second).toEqual({ session: aSession('demo'), created: false });
        expect(await eventTypes(store)).toEqual(['session.created']);
      }));

    test('an update changes what it names, also for the next process', () =>
      withStore(open, async (bench) => {
        await bench.store.ensureSession(aSession('demo'));
        expect(await bench.store.updateSession('demo', { agentSessionId: 'uuid-1' })).toBe(true);
        expect(await bench.store.updateSession('demo', { lastActivityAt: T0 + 4 })).toBe(true);
        const store = await bench.reopen();
        expect(await store.readSession('demo')).toEqual(
          aSession('demo', { agentSessionId: 'uuid-1', lastActivityAt: T0 + 4 }),
        );
      }));

    test('a session that is gone cannot be updated or deleted', () =>
      withStore(open, async ({ store }) => {
        expect(await store.updateSession('demo', { lastActivityAt: T0 })).toBe(false);
        expect(await store.deleteSession('demo', T0)).toBe(false);
        expect(await store.readSession('demo')).toBeNull();
        expect(await eventTypes(store)).toEqual([]);
      }));

    test('sessions are listed by workspace', () =>
      withStore(open, async ({ store }) => {
        await Promise.all([store.ensureSession(aSession('b')), store.ensureSession(aSession('a'))]);
        expect((await store.listSessions()).map((session) => session.workspace)).toEqual(['a', 'b']);
      }));

    test('counts tell the active from all', () =>
      withStore(open, async ({ store }) => {
        await enqueue(
          store,
          aRequest('a'),
          aRequest('b'),
          aRequest('c'),
          aRequest('d'),
          aRequest('e', { workspace: 'w' }),
        );
        await runNext(store);
        await mustClaim(store);
        await store.endQueued('d', CANCELLED, T0);
        expect(await store.countRequests('demo')).toEqual({ active: 2, total: 4 });
        expect(await store.countRequests('unknown')).toEqual({ active: 0, total: 0 });
      }));

    test('a session has queued work until the last of it is claimed or ended', () =>
      withStore(open, async ({ store }) => {
        await enqueue(store, aRequest('a'), aRequest('b'));
        await mustClaim(store);
        expect(await store.hasQueued('demo')).toBe(true);
        await store.endQueued('b', CANCELLED, T0);
        expect(await store.hasQueued('demo')).toBe(false);
        expect(await store.hasQueued('unknown')).toBe(false);
      }));

    test('a deleted session leaves its ended requests readable, and a fresh one counts from zero', () =>
      withStore(open, async ({ store }) => {
        await enqueue(store, aRequest('a'));
        await store.end(await mustClaim(store), COMPLETED, T0);
        expect(await store.deleteSession('demo', T0 + 1)).toBe(true);
        expect(await store.readSession('demo')).toBeNull();
        expect(await store.listSessions()).toEqual([]);
        expect((await eventTypes(store)).at(-1)).toBe('session.deleted');
        expect((await store.readRequest('a'))?.text).toBe('done');
        await enqueue(store, aRequest('b'));
        expect(await store.countRequests('demo')).toEqual({ active: 1, total: 1 });
      }));
  });
}

export function describeEvents(open: OpenStore): void {
  describe('events', () => {
    const noticed: NewEvent = {
      type: 'agent.retrying',
      requestId: 'a',
      workspace: 'demo',
      at: T0,
      data: { attempt: 1 },
    };

    test('an appended event comes back with the next seq', () =>
      withStore(open, async ({ store }) => {
        const [first, second] = await Promise.all([
          store.appendEvent(noticed),
          store.appendEvent({ type: 'session.deleted', requestId: null, workspace: 'demo', at: T0 }),
        ]);
        expect(first).toEqual({ ...noticed, seq: first.seq });
        expect(second).toMatchObject({ seq: first.seq + 1, requestId: null, data: {} });
      }));

    test('events are listed after a seq, in order, up to a limit', () =>
      withStore(open, async ({ store }) => {
        const appended = await Promise.all(Array.from({ length: 10 }, () => store.appendEvent(noticed)));
        const third = appended[2]?.seq ?? 0;
        expect(await store.listEvents(third, 4)).toEqual(appended.slice(3, 7));
        expect(await store.listEvents(appended.at(-1)?.seq ?? 0, 4)).toEqual([]);
      }));

    test('events are listed of one request, of one workspace, or of both', () =>
      withStore(open, async ({ store }) => {
        const note = (requestId: string | null, workspace: string) =>
          store.appendEvent({ ...noticed, requestId, workspace });
        const [one, two, three, four] = [
          await note('a', 'demo'),
          await note('b', 'other'),
          await note(null, 'demo'),
          await note('a', 'demo'),
        ];
        expect(await store.listEvents(0, 10, { requestId: 'a' })).toEqual([one, four]);
        expect(await store.listEvents(one.seq, 10, { workspace: 'demo' })).toEqual([three, four]);
        expect(await store.listEvents(0, 1, { workspace: 'demo' })).toEqual([one]);
        expect(await store.listEvents(0, 10, { requestId: 'b', workspace: 'other' })).toEqual([two]);
        expect(await store.listEvents(0, 10, { requestId: 'b', workspace: 'demo' })).toEqual([]);
      }));

    test('the span of the events is known, also without any', () =>
      withStore(open, async ({ store }) => {
        expect(await store.readEventSpan()).toEqual({ first: 1, last: 0 });
        const first = await store.appendEvent(noticed);
        const last = await store.appendEvent(noticed);
        expect(await store.readEventSpan()).toEqual({ first: first.seq, last: last.seq });
      }));

    test('listeners are told once the events can be read, until they have enough', () =>
      withStore(open, async ({ store }) => {
        const lengths: Promise<number>[] = [];
        const stop = store.onAppended(() => lengths.push(store.listEvents(0, 10).then((events) => events.length)));
        await store.appendEvent(noticed);
        expect(await lengths[0]).toBe(1);
        await Promise.all([store.appendEvent(noticed), store.appendEvent(noticed)]);
        expect(await Promise.all(lengths)).toEqual([1, 3]);
        stop();
        await store.appendEvent(noticed);
        expect(lengths).toHaveLength(2);
      }));

    test('the last event of a pause is found, and null when there is none', () =>
      withStore(open, async ({ store }) => {
        expect(await store.readLastPauseEvent()).toBeNull();
        const note = (type: 'agent.paused' | 'agent.resumed' | 'session.deleted') =>
          store.appendEvent({ type, requestId: null, workspace: 'demo', at: T0 });
        await note('agent.paused');
        const last = await note('agent.resumed');
        await note('session.deleted');
        expect(await store.readLastPauseEvent()).toEqual(last);
      }));

    test('a seq goes on rising after a restart', () =>
      withStore(open, async (bench) => {
        const { seq } = await bench.store.appendEvent(noticed);
        const store = await bench.reopen();
        expect((await store.appendEvent(noticed)).seq).toBe(seq + 1);
      }));
  });
}
