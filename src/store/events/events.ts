import type { EventRecord } from '../../core/model/event.ts';
import type { EventFilter, NewEvent } from '../../core/ports/store.ts';
import { oweFor } from '../deliveries/owe.ts';
import { eventsAfter, eventsOfRequest, eventsOfWorkspace, insertEvent } from './event-queries.ts';
import { toEvent } from '../sql/rows.ts';
import { returned, type Statements } from '../sql/statements.ts';

/** Must run inside one transaction: what the event makes owed is written with it. */
export function appendEvent(db: Statements, event: NewEvent): EventRecord {
  const appended = toEvent(
    returned(
      db.get(insertEvent, {
        type: event.type,
        request_id: event.requestId,
        workspace: event.workspace,
        at: event.at,
        data: JSON.stringify(event.data ?? {}),
      }),
    ),
  );
  oweFor(db, appended);
  return appended;
}

export function listEvents(
  db: Statements,
  after: number,
  limit: number,
  { requestId, workspace }: EventFilter,
): readonly EventRecord[] {
  if (requestId !== undefined) {
    const found = db.all(eventsOfRequest, { requestId, after, limit }).map(toEvent);
    return workspace === undefined ? found : found.filter((event) => event.workspace === workspace);
  }
  if (workspace !== undefined) return db.all(eventsOfWorkspace, { workspace, after, limit }).map(toEvent);
  return db.all(eventsAfter, { after, limit }).map(toEvent);
}
