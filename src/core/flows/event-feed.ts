import { GatewayError } from '../model/errors.ts';
import { endsRequest, type EventRecord } from '../model/event.ts';
import { hasEnded } from '../model/request.ts';
import type { EventFilter, Store } from '../ports/store.ts';

/** Readers of the event log, from any place in it to its end and on. They read what is on disk and nothing else, so
 *  that one who was cut off goes on behind the last `seq` that it has, also at a later process. */
export interface EventFeed {
  /** All that fits and follows `after`, in order, in batches; by default what comes from now on. Ends when the signal
   *  aborts, when the feed is closed, and behind the end of the one request that the filter names.
   *  Throws `cursor_ahead`, `cursor_gone`, and `not_found` for an unknown request. */
  follow(filter: EventFilter, after: number | undefined, signal: AbortSignal): Promise<AsyncIterable<EventBatch>>;
  /** Ends all readers. */
  close(): void;
}

export type EventBatch = readonly EventRecord[];

/** Of one read of the disk. */
const BATCH = 500;
/** Events that readers near the end share, so that many of them cost one read. */
const RECENT_MAX = 1_000;

export function createEventFeed(store: Store): EventFeed {
  const closed = new AbortController();
  /** The events behind `base`, up to `head`: what was appended since somebody reads. */
  let recent: EventRecord[] = [];
  let base = 0;
  let head = 0;
  let readers = 0;
  let unsubscribe = (): void => {};
  let change = Promise.withResolvers<void>();
  /** Appends that were told while the log is read. */
  let told = 0;

  async function join(): Promise<void> {
    readers += 1;
    if (readers > 1) return;
    const { last } = await store.readEventSpan();
    recent = [];
    base = head = last;
    unsubscribe = store.onAppended(() => void pull());
    void pull();
  }

  function leave(): void {
    readers -= 1;
    if (readers === 0) unsubscribe();
  }

  /** Takes over what was appended, one read at a time. */
  async function pull(): Promise<void> {
    told += 1;
    if (told > 1) return;
    try {
      for (let seen = 0; seen !== told;) {
        seen = told;
        while (await takeBatch());
      }
    } catch (error) {
      change.promise.catch(() => {});
      change.reject(error);
      change = Promise.withResolvers();
    } finally {
      told = 0;
    }
  }

  async function takeBatch(): Promise<boolean> {
    const batch = await store.listEvents(head, BATCH);
    if (batch.length === 0) return false;
    head = batch.at(-1)?.seq ?? head;
    recent.push(...batch);
    const dropped = recent.splice(0, Math.max(0, recent.length - RECENT_MAX)).at(-1);
    if (dropped !== undefined) base = dropped.seq;
    change.resolve();
    change = Promise.withResolvers();
    return true;
  }

  /** What follows, and up to where this is all of it. */
  async function read(
    filter: EventFilter,
    after: number,
  ): Promise<{ readonly events: EventBatch; readonly upTo: number }> {
    if (after >= base)
      return { events: behind(after).filter((event) => fits(filter, event)), upTo: Math.max(after, head) };
    const { last } = await store.readEventSpan();
    const events = await store.listEvents(after, BATCH, filter);
    const found = events.at(-1)?.seq ?? after;
    return { events, upTo: events.length === BATCH ? found : Math.max(found, last) };
  }

  function behind(after: number): EventBatch {
    const from = recent.findLastIndex((event) => event.seq <= after);
    return recent.slice(from + 1);
  }

  async function* batches(
    filter: EventFilter,
    after: number,
    hasEnd: boolean,
    signal: AbortSignal,
  ): AsyncGenerator<EventBatch> {
    const over = AbortSignal.any([signal, closed.signal]);
    const stopped = new Promise<void>((resolve) => over.addEventListener('abort', () => resolve(), { once: true }));
    await join();
    try {
      for (let cursor = after; !over.aborted;) {
        // Taken before the look: what is appended between the two wakes us.
        const changed = change.promise;
        const { events, upTo } = await read(filter, cursor);
        if (events.length > 0) yield events;
        if (filter.requestId !== undefined && events.some(endsRequest)) return;
        const isAtEnd = upTo >= head;
        cursor = upTo;
        if (!isAtEnd) continue;
        // It ended before `after`.
        if (hasEnd && events.length === 0) return;
        if (!over.aborted) await Promise.race([changed, stopped]);
      }
    } finally {
      leave();
    }
  }

  return {
    async follow(filter, after, signal) {
      const { first, last } = await store.readEventSpan();
      const from = after ?? last;
      if (from > last)
        throw new GatewayError('cursor_ahead', `No event has the number ${from} yet: the last one is ${last}`, {
          field: 'after',
        });
      if (from + 1 < first)
        throw new GatewayError(
          'cursor_gone',
          `The events behind ${from} are no longer kept: the first one is ${first}`,
          { field: 'after' },
        );
      const request = filter.requestId === undefined ? null : await store.readRequest(filter.requestId);
      if (filter.requestId !== undefined && request === null)
        throw new GatewayError('not_found', `Request not found: ${filter.requestId}`);
      return batches(filter, from, request !== null && hasEnded(request.state), signal);
    },
    close: () => closed.abort(),
  };
}

function fits({ requestId, workspace }: EventFilter, event: EventRecord): boolean {
  return (requestId ?? event.requestId) === event.requestId && (workspace ?? event.workspace) === event.workspace;
}
