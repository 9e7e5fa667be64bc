import { describe, expect, test } from '@jest/globals';
import type { RequestEnd } from '../../src/core/model/request.ts';
import {
  aRequest,
  CANCELLED,
  COMPLETED,
  enqueue,
  eventTypes,
  mustClaim,
  ROOMY,
  type OpenStore,
  T0,
  withStore,
} from './store-fixtures.ts';
import { usageOf } from '../helpers/examples.ts';

const FAILED: RequestEnd = {
  state: 'failed',
  reason: 'agent_exited',
  error: 'claude exited with code 1: send the request again',
  text: 'half an ans',
  usage: null,
};

export function describeTurns(open: OpenStore): void {
  describe('turns', () => {
    test('how a prompt was altered is kept from its acceptance to its arrival', () =>
      withStore(open, async ({ store }) => {
        await store.accept(aRequest('a', { altered: ['line_breaks'] }), ROOMY, null);
        const turn = await mustClaim(store);
        expect(turn).toMatchObject({ altered: ['line_breaks'], arrived: null });
        await store.progress(turn, { phase: 'submitting' }, T0);
        expect(await store.readRequest('a')).toMatchObject({ altered: ['line_breaks'], arrived: null });
        const altered = ['line_breaks', 'escaped'] as const;
        await store.progress(turn, { phase: 'working', altered, arrived: '\\/x' }, T0);
        expect(await store.readRequest('a')).toMatchObject({ altered, arrived: '\\/x' });
      }));

    test('progress writes phase and offset, and an event at each change of phase', () =>
      withStore(open, async ({ store }) => {
        await enqueue(store, aRequest('a'));
        const turn = await mustClaim(store);
        expect(await store.progress(turn, { phase: 'preparing', transcriptOffset: 4_096 }, T0)).toBe(true);
        expect(await store.progress(turn, { phase: 'submitting' }, T0)).toBe(true);
        expect(await store.progress(turn, { phase: 'working' }, T0)).toBe(true);
        expect(await store.progress(turn, { phase: 'working' }, T0)).toBe(true);
        expect(await store.readRequest('a')).toMatchObject({ phase: 'working', transcriptOffset: 4_096 });
        expect((await eventTypes(store)).slice(2)).toEqual([
          'request.started',
          'request.submitting',
          'request.working',
        ]);
      }));

    test('an end writes text, usage and its event, and frees the session', () =>
      withStore(open, async ({ store }) => {
        await enqueue(store, aRequest('a'), aRequest('b'));
        const turn = await mustClaim(store);
        expect(await store.end(turn, COMPLETED, T0 + 9)).toBe(true);
        expect(await store.readRequest('a')).toMatchObject({
          state: 'completed',
          phase: null,
          retryable: null,
          text: 'done',
          usage: usageOf(12, 3),
          completedAt: T0 + 9,
        });
        expect((await eventTypes(store)).at(-1)).toBe('request.completed');
        expect((await mustClaim(store)).id).toBe('b');
      }));

    test('a failure keeps the partial text and says whether a retry is sensible', () =>
      withStore(open, async ({ store }) => {
        await enqueue(store, aRequest('a'));
        await store.end(await mustClaim(store), FAILED, T0);
        expect(await store.readRequest('a')).toMatchObject({ ...FAILED, retryable: true });
        const [event] = (await store.listEvents(0, 10)).slice(-1);
        expect(event).toMatchObject({ type: 'request.failed', data: { reason: 'agent_exited', retryable: true } });
      }));

    test('a request ends once', () =>
      withStore(open, async ({ store }) => {
        await enqueue(store, aRequest('a'));
        const turn = await mustClaim(store);
        const ends = await Promise.all([store.end(turn, FAILED, T0), store.end(turn, COMPLETED, T0)]);
        expect(ends).toEqual([true, false]);
        expect((await store.readRequest('a'))?.state).toBe('failed');
        expect((await eventTypes(store)).slice(-2)).toEqual(['request.started', 'request.failed']);
      }));

    test('a requeued request waits again as if it had not run', () =>
      withStore(open, async ({ store }) => {
        await enqueue(store, aRequest('a'));
        const turn = await mustClaim(store);
        await store.progress(turn, { phase: 'preparing', transcriptOffset: 7 }, T0);
        expect(await store.requeue(turn, T0 + 1)).toBe(true);
        expect(await store.readRequest('a')).toMatchObject({
          state: 'queued',
          phase: null,
          startedAt: null,
          transcriptOffset: null,
          epoch: 1,
        });
        expect(await eventTypes(store)).toContain('request.requeued');
      }));

    test('a writer with an older epoch changes nothing', () =>
      withStore(open, async ({ store }) => {
        await enqueue(store, aRequest('a'));
        const stale = await mustClaim(store);
        await store.requeue(stale, T0);
        await mustClaim(store);
        const before = [await store.readRequest('a'), await eventTypes(store)];
        const writes = [
          store.progress(stale, { phase: 'working' }, T0),
          store.requeue(stale, T0),
          store.end(stale, COMPLETED, T0),
        ];
        expect(await Promise.all(writes)).toEqual([false, false, false]);
        expect([await store.readRequest('a'), await eventTypes(store)]).toEqual(before);
      }));

    test('the owner of a requeued turn owns it no longer', () =>
      withStore(open, async ({ store }) => {
        await enqueue(store, aRequest('a'));
        const turn = await mustClaim(store);
        await store.requeue(turn, T0);
        const writes = [store.progress(turn, { phase: 'working' }, T0), store.end(turn, COMPLETED, T0)];
        expect(await Promise.all(writes)).toEqual([false, false]);
      }));

    test('of a claim and an end of the queued request in one tick the first wins', () =>
      withStore(open, async ({ store }) => {
        await enqueue(store, aRequest('a'));
        const [ended, claimed] = await Promise.all([store.endQueued('a', CANCELLED, T0), store.claim('demo', T0)]);
        expect([ended, claimed]).toEqual([true, null]);
        await enqueue(store, aRequest('b'));
        const [second, late] = await Promise.all([store.claim('demo', T0), store.endQueued('b', CANCELLED, T0)]);
        expect([second?.id, late]).toEqual(['b', false]);
      }));

    test('ending a queued request leaves its event and no start', () =>
      withStore(open, async ({ store }) => {
        await enqueue(store, aRequest('a'));
        const timedOut = { ...CANCELLED, state: 'timed_out', reason: 'queue_timeout' } as const;
        await store.endQueued('a', timedOut, T0 + 3);
        expect(await store.readRequest('a')).toMatchObject({
          state: 'timed_out',
          reason: 'queue_timeout',
          startedAt: null,
          completedAt: T0 + 3,
          epoch: 0,
          retries: 0,
        });
        expect((await eventTypes(store)).at(-1)).toBe('request.timed_out');
        expect(await store.endQueued('a', CANCELLED, T0)).toBe(false);
        expect(await store.endQueued('unknown', CANCELLED, T0)).toBe(false);
      }));

    test('a cancel is asked once, and of a running request only', () =>
      withStore(open, async ({ store }) => {
        await enqueue(store, aRequest('a'));
        expect(await store.askCancel('a', T0)).toBe(false);
        const turn = await mustClaim(store);
        expect(await Promise.all([store.askCancel('a', T0 + 1), store.askCancel('a', T0 + 2)])).toEqual([true, false]);
        expect((await store.readRequest('a'))?.cancelAskedAt).toBe(T0 + 1);
        expect((await eventTypes(store)).filter((type) => type === 'request.cancel_asked')).toHaveLength(1);
        expect(await store.end(turn, CANCELLED, T0)).toBe(true);
        expect(await store.askCancel('a', T0)).toBe(false);
      }));

    test('the durations are those of the completed turns of the workspace that ended last, the youngest first', () =>
      withStore(open, async ({ store }) => {
        const run = async (id: string, startedAt: number, endedAt: number, end = COMPLETED, workspace = 'demo') => {
          await enqueue(store, aRequest(id, { workspace }));
          await store.end(await mustClaim(store, workspace, startedAt), end, endedAt);
        };
        await run('a', T0, T0 + 1);
        await run('b', T0 + 1, T0 + 3);
        await run('c', T0 + 3, T0 + 6);
        await run('failed', T0 + 6, T0 + 100, FAILED);
        await run('elsewhere', T0, T0 + 100, COMPLETED, 'other');
        expect(await store.readDurations('demo', 2)).toEqual([3, 2]);
        expect(await store.readDurations('demo', 20)).toEqual([3, 2, 1]);
        expect(await store.readDurations('unknown', 20)).toEqual([]);
      }));

    test('the unended are those that wait or run, oldest first', () =>
      withStore(open, async ({ store }) => {
        await enqueue(store, aRequest('ended'));
        await store.end(await mustClaim(store), COMPLETED, T0);
        await enqueue(store, aRequest('a'), aRequest('b', { priority: 'high' }), aRequest('c', { workspace: 'other' }));
        await mustClaim(store);
        const unended = await store.listUnended();
        expect(unended.map((request) => [request.id, request.state])).toEqual([
          ['a', 'queued'],
          ['b', 'running'],
          ['c', 'queued'],
        ]);
        expect((await store.listQueued('demo')).map((request) => request.id)).toEqual(['a']);
      }));
  });
}
