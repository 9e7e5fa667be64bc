import type { EventRecord } from '../core/model/event.ts';
import type { NewEvent } from '../core/ports/store.ts';
import { insertEvent } from './queries.ts';
import { toEvent } from './rows.ts';
import { returned, type Statements } from './statements.ts';

export function appendEvent(db: Statements, event: NewEvent): EventRecord {
  return toEvent(
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
}
