import type { EventFilter, Store } from '../../ports/store.ts';
import type { EventBatch } from './recent-events.ts';

/** What follows a place in the log, and up to where this is all of it. */
export interface Following {
  readonly events: EventBatch;
  readonly upTo: number;
}

/** Of one read of the disk. */
const BATCH = 100;

export function readBatch(store: Store, after: number, filter?: EventFilter): Promise<EventBatch> {
  return store.listEvents(after, BATCH, filter);
}

export async function readStored(store: Store, after: number, filter: EventFilter): Promise<Following> {
  const { last } = await store.readEventSpan();
  const events = await readBatch(store, after, filter);
  const found = events.at(-1)?.seq ?? after;
  return { events, upTo: events.length === BATCH ? found : Math.max(found, last) };
}
