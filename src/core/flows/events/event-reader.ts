import { endsRequest } from '../../model/event.ts';
import type { EventFilter } from '../../ports/store.ts';
import type { EventTail } from './event-tail.ts';
import type { EventBatch } from './recent-events.ts';

export interface Reading {
  readonly filter: EventFilter;
  readonly after: number;
  /** The first that aborts ends it. */
  readonly until: readonly AbortSignal[];
}

/** What is stored, then what comes. Ends behind the end of the one request that the filter names. */
export async function* readEvents(
  tail: EventTail,
  { filter, after, until }: Reading,
): AsyncGenerator<EventBatch, void, void> {
  const over = AbortSignal.any([...until]);
  let change = Promise.withResolvers<void>();
  over.addEventListener('abort', () => change.resolve(), { once: true });
  try {
    await tail.join();
    for (let cursor = after; !over.aborted;) {
      const { events, upTo } = await tail.read(filter, cursor);
      if (events.length > 0) yield events;
      if (filter.requestId !== undefined && events.some(endsRequest)) return;
      cursor = upTo;
      // Nothing comes between this look and the wait.
      if (upTo < tail.head() || over.aborted) continue;
      change = Promise.withResolvers();
      tail.wait(change);
      await change.promise;
    }
  } finally {
    tail.forget(change);
    tail.leave();
  }
}
