import { hasEnded, type RequestRecord } from '../../core/model/request.ts';
import type { OwedAnswer } from '../../core/ports/requests/acceptance.ts';
import { oweFile } from '../deliveries/owe.ts';
import { appendEvent } from '../events/events.ts';
import {
  attendedAnswer,
  attendedAnswers,
  dropOwed,
  endAttendance,
  insertOwed,
  lowerQueued,
} from './owed-answer-queries.ts';
import { requestById } from '../requests/queries.ts';
import { toRequest } from '../sql/rows.ts';
import { returned, type Statements } from '../sql/statements.ts';

// Each of these must run inside one transaction.

export function oweAnswer(db: Statements, id: string, { file, attended }: OwedAnswer): void {
  db.run(insertOwed, { request_id: id, file, attended: Number(attended) });
}

export function leave(db: Statements, id: string, now: number): RequestRecord | null {
  const owed = db.get(attendedAnswer, { id });
  if (owed === undefined) return null;
  if (owed.file === null) db.run(dropOwed, { id });
  else db.run(endAttendance, { id });
  db.run(lowerQueued, { id });
  const request = toRequest(returned(db.get(requestById, { id })));
  const { workspace, priority, state } = request;
  // Its end is the last event of a request.
  if (hasEnded(state)) oweFile(db, { type: `request.${state}`, requestId: id, workspace, at: now, data: {} });
  else appendEvent(db, { type: 'request.left', requestId: id, workspace, at: now, data: { priority } });
  return request;
}

export function leaveAll(db: Statements, now: number): void {
  for (const { request_id } of db.all(attendedAnswers, {})) leave(db, request_id, now);
}
