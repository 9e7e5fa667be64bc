import type { EventRecord } from '../../core/model/event.ts';
import { reaches } from '../../core/model/keys/key.ts';
import type { EventFilter, NewEvent } from '../../core/ports/store.ts';
import { type Asker, oweFor } from '../deliveries/owe.ts';
import {
  eventsAfter,
  eventsOfRequest,
  eventsOfWorkspace,
  firstSeq,
  insertEvent,
  insertNumbered,
  lastPauseEvent,
  lastSeq,
} from './event-queries.ts';
import { toEvent } from '../sql/rows.ts';
import { all, get, returned, send, type Step } from '../sql/step.ts';

/** Must run inside one transaction: what the event makes owed is written with it. `asker`: of its request, for whoever
 *  knows it already. */
export function* appendEvent(event: NewEvent, asker?: Asker): Step<void> {
  yield* send(insertEvent, toRow(event));
  yield* oweFor({ data: {}, ...event }, asker);
}

/** The same, for whoever wants its number. */
export function* appendNumbered(event: NewEvent): Step<EventRecord> {
  const { seq } = returned(yield* get(insertNumbered, toRow(event)));
  const appended = { data: {}, ...event };
  yield* oweFor(appended);
  return { seq, ...appended };
}

function toRow({ type, requestId, workspace, at, data = {} }: NewEvent) {
  return { type, request_id: requestId, workspace, at, data: JSON.stringify(data) };
}

export function* listEvents(
  after: number,
  limit: number,
  { requestId, workspace, reach = null }: EventFilter = {},
): Step<readonly EventRecord[]> {
  if (requestId !== undefined) {
    const found = (yield* all(eventsOfRequest, { requestId, after, limit })).map(toEvent);
    return found.filter(
      (event) => (workspace ?? event.workspace) === event.workspace && reaches(reach, event.workspace),
    );
  }
  if (workspace !== undefined && !reaches(reach, workspace)) return [];
  if (workspace !== undefined) return (yield* all(eventsOfWorkspace, { workspace, after, limit })).map(toEvent);
  return (yield* all(eventsAfter(reach), { after, limit })).map(toEvent);
}

export function* readEventSpan(): Step<{ readonly first: number; readonly last: number }> {
  return { first: (yield* get(firstSeq, {}))?.seq ?? 1, last: (yield* get(lastSeq, {}))?.seq ?? 0 };
}

export function* readLastPauseEvent(): Step<EventRecord | null> {
  const row = yield* get(lastPauseEvent, {});
  return row === undefined ? null : toEvent(row);
}
