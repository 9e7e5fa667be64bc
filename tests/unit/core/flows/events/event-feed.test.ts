import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createEventFeed, type EventFeed } from '../../../../../src/core/flows/events/event-feed.ts';
import type { EventRecord, EventType } from '../../../../../src/core/model/event.ts';
import type { EventFilter, Store } from '../../../../../src/core/ports/store.ts';
import { aRequest, COMPLETED, ROOMY, T0, withStore } from '../../../../contract/store-fixtures.ts';
import { openSqliteStore } from '../../../../../src/store/sqlite/open.ts';
import { until } from '../../../../helpers/until.ts';

const ALL = 100_000;

const append = (store: Store, workspace = 'demo', requestId: string | null = null): Promise<EventRecord> =>
  store.appendEvent({ type: 'agent.woken', requestId, workspace, at: T0 });

interface Reader {
  readonly seen: readonly EventRecord[];
  readonly ended: Promise<void>;
  stop(): void;
}

async function open(feed: EventFeed, filter: EventFilter = {}, after?: number): Promise<Reader> {
  const seen: EventRecord[] = [];
  const stop = new AbortController();
  const batches = await feed.follow(filter, after, stop.signal);
  if (batches === null) throw new Error('nothing follows');
  const ended = (async () => {
    for await (const batch of batches) seen.push(...batch);
  })();
  return { seen, ended, stop: () => stop.abort() };
}

const withFeed = (act: (feed: EventFeed, store: Store) => Promise<void>): Promise<void> =>
  withStore(openSqliteStore, async ({ store }) => {
    const feed = createEventFeed(store);
    await act(feed, store);
    feed.close();
  });

describe('readers of the event log', () => {
  test('whatever they filter, wherever and whenever they begin, get each fitting event once and in order', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.oneof(
            fc.record({ workspace: fc.constantFrom('a', 'b'), count: fc.integer({ min: 1, max: 700 }) }),
            fc.record({ read: fc.constantFrom('a', 'b', null), from: fc.double({ min: 0, max: 1, noNaN: true }) }),
          ),
          { minLength: 4, maxLength: 16 },
        ),
        async (steps) => {
          await withFeed(async (feed, store) => {
            const readers: { readonly reader: Reader; readonly filter: EventFilter; readonly after: number }[] = [];
            for (const step of steps) {
              if ('count' in step) {
                const appended = Array.from({ length: step.count }, () => append(store, step.workspace));
                // Readers begin while some of it is not yet on disk.
                if (step.count % 2 === 0) await Promise.all(appended);
                continue;
              }
              const after = Math.floor((await store.readEventSpan()).last * step.from);
              const filter = step.read === null ? {} : { workspace: step.read };
              readers.push({ reader: await open(feed, filter, after), filter, after });
            }
            await append(store, 'a');
            await append(store, 'b');
            for (const { reader, filter, after } of readers) {
              const expected = await store.listEvents(after, ALL, filter);
              await until(() => reader.seen.length >= expected.length);
              // Thousands of records, compared field by field, would take most of the time.
              expect(JSON.stringify(reader.seen)).toBe(JSON.stringify(expected));
              reader.stop();
              await reader.ended;
            }
          });
        },
      ),
      { numRuns: 25 },
    ));

  test('begin with what comes from now on, unless they say where', () =>
    withFeed(async (feed, store) => {
      await append(store);
      const reader = await open(feed);
      const next = await append(store);
      await until(() => reader.seen.length > 0);
      expect(reader.seen).toEqual([next]);
      reader.stop();
      await reader.ended;
    }));

  test('that come at once, as after a start, get what is there without waiting for more', () =>
    withStore(openSqliteStore, async ({ store }) => {
      // So slowly that the second comes while the first one begins.
      const readEventSpan: Store['readEventSpan'] = async () => {
        await new Promise((resolve) => setImmediate(resolve));
        return store.readEventSpan();
      };
      const feed = createEventFeed({ ...store, readEventSpan });
      await Promise.all([append(store), append(store)]);
      const readers = await Promise.all([open(feed, {}, 0), open(feed, {}, 0)]);
      await until(() => readers.every(({ seen }) => seen.length === 2));
      feed.close();
    }));

  test('of one request end behind its end, also when they come later', () =>
    withFeed(async (feed, store) => {
      await store.accept(aRequest('one'), ROOMY, null);
      await store.accept(aRequest('two'), ROOMY, null);
      const during = await open(feed, { requestId: 'one' }, 0);
      const claimed = await store.claim('demo', T0);
      await store.end({ id: 'one', epoch: claimed?.epoch ?? 0 }, COMPLETED, T0);
      await during.ended;
      expect(during.seen.map(({ type }) => type)).toEqual(['request.queued', 'request.started', 'request.completed']);
      const later = await open(feed, { requestId: 'one' }, 0);
      await later.ended;
      expect(later.seen).toEqual(during.seen);
    }));

  test('of a request that ended before their place are told that nothing follows', () =>
    withFeed(async (feed, store) => {
      await store.accept(aRequest('one'), ROOMY, null);
      await store.end({ id: 'one', epoch: (await store.claim('demo', T0))?.epoch ?? 0 }, COMPLETED, T0);
      const { last } = await store.readEventSpan();
      expect(await feed.follow({ requestId: 'one' }, last, new AbortController().signal)).toBeNull();
    }));

  test('that pause between two batches miss nothing', () =>
    withFeed(async (feed, store) => {
      const batches = await feed.follow({}, 0, new AbortController().signal);
      if (batches === null) throw new Error('nothing follows');
      const slow = batches[Symbol.asyncIterator]();
      const seen: EventRecord[] = [];
      for (let round = 0; round < 4; round += 1) {
        await Promise.all(Array.from({ length: 800 }, () => append(store)));
        seen.push(...((await slow.next()).value ?? []));
      }
      while (seen.length < 3_200) seen.push(...((await slow.next()).value ?? []));
      expect(seen).toEqual(await store.listEvents(0, ALL));
      await slow.return?.();
    }));

  test('end when the feed is closed', () =>
    withFeed(async (feed) => {
      const reader = await open(feed);
      feed.close();
      await reader.ended;
      const later = await open(feed);
      await later.ended;
    }));

  test('are told when the log cannot be read', () =>
    withStore(openSqliteStore, async ({ store }) => {
      let broken = false;
      const listEvents: Store['listEvents'] = async (...args) => {
        if (broken) throw new Error('the disk is gone');
        return store.listEvents(...args);
      };
      const feed = createEventFeed({ ...store, listEvents });
      const reader = await open(feed);
      await append(store);
      await until(() => reader.seen.length === 1);
      broken = true;
      await append(store);
      await expect(reader.ended).rejects.toThrow('the disk is gone');
    }));
});

describe('a place in the log', () => {
  test('that no event has yet is refused', () =>
    withFeed(async (feed, store) => {
      const { seq } = await append(store);
      await expect(open(feed, {}, seq + 1)).rejects.toMatchObject({ code: 'cursor_ahead', field: 'after' });
    }));

  test('whose next event is no longer kept is refused', () =>
    withStore(openSqliteStore, async ({ store }) => {
      const feed = createEventFeed({ ...store, readEventSpan: async () => ({ first: 10, last: 20 }) });
      await expect(open(feed, {}, 8)).rejects.toMatchObject({ code: 'cursor_gone', field: 'after' });
      for (const after of [9, 0]) {
        const reader = await open(feed, {}, after);
        reader.stop();
        await reader.ended;
      }
    }));

  test('of a request in a workspace that is not its own is refused, for it would never end', () =>
    withFeed(async (feed, store) => {
      await store.accept(aRequest('one'), ROOMY, null);
      const other = open(feed, { requestId: 'one', workspace: 'other' }, 0);
      await expect(other).rejects.toMatchObject({ code: 'not_found' });
    }));

  test('of a request that is not there is refused', () =>
    withFeed(async (feed) => {
      await expect(open(feed, { requestId: 'none' }, 0)).rejects.toMatchObject({ code: 'not_found' });
    }));
});

test.each<[EventType, boolean]>([
  ['request.queued', false],
  ['request.cancel_asked', false],
  ['request.completed', true],
  ['request.failed', true],
  ['request.timed_out', true],
  ['request.cancelled', true],
])('%s ends the stream of its request: %s', (type, ends) =>
  withFeed(async (feed, store) => {
    await store.accept(aRequest('one'), ROOMY, null);
    const reader = await open(feed, { requestId: 'one' });
    await store.appendEvent({ type, requestId: 'one', workspace: 'demo', at: T0 });
    await until(() => reader.seen.length === 1);
    let hasEnded = false;
    void reader.ended.then(() => (hasEnded = true));
    await append(store);
    expect(hasEnded).toBe(ends);
    reader.stop();
    await reader.ended;
  }),
);
