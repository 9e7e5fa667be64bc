import { MAX_WAIT_MS, type RequestRecord } from '../../core/model/request.ts';
import type { QueueHead } from '../../core/ports/store.ts';
import { findAging, findOvertaken, hasAged } from './aging.ts';
import { appendEvent } from '../events/events.ts';
import { tellMoves } from './moves.ts';
import {
  firstOfHighestClass,
  oldestQueued,
  queuedAhead,
  queuedBefore,
  requestById,
  runningInSession,
  startQueued,
} from '../requests/queries.ts';
import { type RequestRow, toRequest } from '../sql/rows.ts';
import { both, get, returned, type Step } from '../sql/step.ts';

/** Must run inside one transaction. */
export function* claim(workspace: string, now: number): Step<RequestRecord | null> {
  const [running, head] = yield* both(get(runningInSession, { workspace }), findHead(workspace, now));
  if (running !== undefined || head === undefined) return null;
  const row = yield* get(startQueued, { id: head, now });
  if (row === undefined) return null;
  const data = { epoch: row.epoch };
  yield* appendEvent({ type: 'request.started', requestId: row.id, workspace, at: now, data }, row);
  yield* tellMoves(workspace, now);
  return toRequest(row);
}

/** Who came first has both waited longest and been overtaken most, so only the oldest need be asked whether it aged. */
function* findHead(workspace: string, now: number): Step<string | undefined> {
  const [oldest, [aging, first]] = yield* both(
    get(oldestQueued, { workspace }),
    both(findAging(workspace, now), get(firstOfHighestClass, { workspace })),
  );
  return oldest !== undefined && hasAged(oldest, aging) ? oldest.id : first?.id;
}

export function* readHead(workspace: string): Step<QueueHead | null> {
  const [[oldest, first], overtaken] = yield* both(
    both(get(oldestQueued, { workspace }), get(firstOfHighestClass, { workspace })),
    findOvertaken(workspace),
  );
  if (oldest === undefined || first === undefined) return null;
  const isOvertaken = oldest.seq < overtaken;
  return { priority: first.priority, agedAt: isOvertaken ? 0 : oldest.created_at + MAX_WAIT_MS };
}

/** 1 for the next one to be claimed. */
export function* readPosition(id: string, now: number): Step<number | null> {
  const row = yield* get(requestById, { id });
  return row === undefined ? null : yield* findPosition(row, now);
}

/** Null when it does not wait. */
export function* findPosition(row: RequestRow, now: number): Step<number | null> {
  if (row.state !== 'queued') return null;
  const { workspace, seq, rank } = row;
  const aging = yield* findAging(workspace, now);
  const ahead = hasAged(row, aging)
    ? yield* get(queuedBefore, { workspace, seq })
    : yield* get(queuedAhead, { workspace, seq, rank, ...aging });
  return returned(ahead).count + 1;
}
