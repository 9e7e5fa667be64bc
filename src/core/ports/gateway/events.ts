import type { EventRecord } from '../../model/event.ts';
import type { EventFilter } from '../store.ts';

/** What happened, and what happens. */
export interface EventsApi {
  /** The events that fit and follow `after` (a seq; 0 for all that are kept; by default what comes from now on), in
   *  order, without gap or repeat: what is stored, then what comes. Ends when the signal aborts, when the gateway drains,
   *  and behind the end of the request that the filter names; null when that was before `after`. Throws `not_found` for an unknown request, `cursor_ahead`, `cursor_gone`. */
  follow(
    filter: EventFilter,
    after: number | undefined,
    signal: AbortSignal,
  ): Promise<AsyncIterable<readonly EventRecord[]> | null>;
}
