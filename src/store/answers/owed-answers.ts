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
import { all, get, returned, run, send, type Step } from '../sql/step.ts';

// Each of these must run inside one transaction.

export function* oweAnswer(id: string, { file, attended }: OwedAnswer): Step<void> {
  yield* send(insertOwed, { request_id: id, file, attended: Number(attended) });
}

export function* leave(id: string, now: number): Step<RequestRecord | null> {
  const owed = yield* get(attendedAnswer, { id });
  if (owed === undefined) return null;
  if (owed.file === null) yield* run(dropOwed, { id });
  else yield* run(endAttendance, { id });
  yield* run(lowerQueued, { id });
  const request = toRequest(returned(yield* get(requestById, { id })));
  const { workspace, priority, state } = request;
  // Its end is the last event of a request.
  if (hasEnded(state)) yield* oweFile({ type: `request.${state}`, requestId: id, workspace, at: now, data: {} });
  else yield* appendEvent({ type: 'request.left', requestId: id, workspace, at: now, data: { priority } });
  return request;
}

export function* leaveAll(now: number): Step<void> {
  for (const { request_id } of yield* all(attendedAnswers, {})) yield* leave(request_id, now);
}

export function* settleAnswer(id: string): Step<void> {
  yield* run(dropOwed, { id });
}
