import { GatewayError } from '../../model/errors.ts';
import { endsRequest, type EventRecord } from '../../model/event.ts';
import { hasEnded } from '../../model/request.ts';
import type { EventsApi } from '../../ports/gateway/events.ts';
import type { EventFilter, Store } from '../../ports/store.ts';

/** Readers of the event log, from any place in it to its end and on. They read what is on disk and nothing else, so
 *  that one who was cut off goes on behind the last `seq` that it has, also at a later process. */
export interface EventFeed extends EventsApi {
  /** Ends all readers. */
  close(): void;
}

export type EventBatch = readonly EventRecord[];

/** Of one read of the disk. */
const BATCH = 100;
/** Events that readers near the end share, so that many of them cost one read. */
const RECENT_MAX = 1_000;

export function createEventFeed(store: Store): EventFeed {
  const closed = new AbortController();
  /** The events behind `base`, up to `head`: what was appended since somebody reads. */
  let recent: EventRecord[] = [];
  let base = 0;
  let head = 0;
  let readers = 0;
  let begun: Promise<void> = Promise.resolve();
  let unsubscribe = (): void => {};
  /** Readers that have seen all. */
  const waiting = new Set<PromiseWithResolvers<void>>();
  /** Appends that were told while the log is read. */
  let told = 0;

  /** The first reader begins; who comes meanwhile waits for that, and would otherwise read what was true before. */
  function join(): Promise<void> {
    readers += 1;
    if (readers === 1) begun = begin();
    return begun;
  }

  async function begin(): Promise<void> {
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
      for (const reader of waiting) reader.reject(error);
      waiting.clear();
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
    for (const reader of waiting) reader.resolve();
    waiting.clear();
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

  async function* batches(filter: EventFilter, after: number, signal: AbortSignal): AsyncGenerator<EventBatch> {
    const over = AbortSignal.any([signal, closed.signal]);
    let change = Promise.withResolvers<void>();
    over.addEventListener('abort', () => change.resolve(), { once: true });
    try {
      await join();
      for (let cursor = after; !over.aborted;) {
        const { events, upTo } = await read(filter, cursor);
        if (events.length > 0) yield events;
        if (filter.requestId !== undefined && events.some(endsRequest)) return;
        cursor = upTo;
        // Nothing comes between this look and the wait.
        if (upTo < head || over.aborted) continue;
        change = Promise.withResolvers();
        waiting.add(change);
        await change.promise;
      }
    } finally {
      waiting.delete(change);
      leave();
    }
  }

  return {
    async follow(filter, after, signal) {
      const { first, last } = await store.readEventSpan();
      const from = after === 0 ? first - 1 : (after ?? last);
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
      if (request !== null && filter.workspace !== undefined && filter.workspace !== request.workspace)
        throw new GatewayError('not_found', `Request not found in ${filter.workspace}: ${request.id}`);
      if (request !== null && hasEnded(request.state) && (await store.listEvents(from, 1, filter)).length === 0)
        return null;
      return batches(filter, from, signal);
    },
    close: () => closed.abort(),
  };
}

function fits({ requestId, workspace }: EventFilter, event: EventRecord): boolean {
  return (requestId ?? event.requestId) === event.requestId && (workspace ?? event.workspace) === event.workspace;
}
