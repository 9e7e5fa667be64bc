import type { EventsApi } from '../../ports/gateway/events.ts';
import type { Store } from '../../ports/store.ts';
import { readEvents } from './event-reader.ts';
import { findStart } from './event-start.ts';
import { createEventTail } from './event-tail.ts';

/** Readers of the event log, from any place in it to its end and on. They read what is on disk and nothing else, so
 *  that one who was cut off goes on behind the last `seq` that it has, also at a later process. */
export interface EventFeed extends EventsApi {
  /** Ends all readers. */
  close(): void;
}

export function createEventFeed(store: Store): EventFeed {
  const closed = new AbortController();
  const tail = createEventTail(store);

  return {
    async follow(filter, after, signal) {
      const from = await findStart(store, filter, after);
      return from === null ? null : readEvents(tail, { filter, after: from, until: [signal, closed.signal] });
    },
    close: () => closed.abort(),
  };
}
