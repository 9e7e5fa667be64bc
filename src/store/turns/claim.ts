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
import { toRequest } from '../sql/rows.ts';
import { returned, type Statements } from '../sql/statements.ts';

/** Must run inside one transaction. */
export function claim(db: Statements, workspace: string, now: number): RequestRecord | null {
  if (db.get(runningInSession, { workspace }) !== undefined) return null;
  const head = findHead(db, workspace, now);
  if (head === undefined) return null;
  const row = db.get(startQueued, { id: head, now });
  if (row === undefined) return null;
  appendEvent(db, {
    type: 'request.started',
    requestId: row.id,
    workspace,
    at: now,
    data: { epoch: row.epoch },
  });
  tellMoves(db, workspace, now);
  return toRequest(row);
}

/** Who came first has both waited longest and been overtaken most, so only the oldest need be asked whether it aged. */
function findHead(db: Statements, workspace: string, now: number): string | undefined {
  const oldest = db.get(oldestQueued, { workspace });
  if (oldest === undefined) return undefined;
  if (hasAged(oldest, findAging(db, workspace, now))) return oldest.id;
  return db.get(firstOfHighestClass, { workspace })?.id;
}

export function readHead(db: Statements, workspace: string): QueueHead | null {
  const oldest = db.get(oldestQueued, { workspace });
  const first = db.get(firstOfHighestClass, { workspace });
  if (oldest === undefined || first === undefined) return null;
  const isOvertaken = oldest.seq < findOvertaken(db, workspace);
  return { priority: first.priority, agedAt: isOvertaken ? 0 : oldest.created_at + MAX_WAIT_MS };
}

/** 1 for the next one to be claimed. */
export function readPosition(db: Statements, id: string, now: number): number | null {
  const row = db.get(requestById, { id });
  if (row === undefined || row.state !== 'queued') return null;
  const { workspace, seq, rank } = row;
  const aging = findAging(db, workspace, now);
  const ahead = hasAged(row, aging)
    ? db.get(queuedBefore, { workspace, seq })
    : db.get(queuedAhead, { workspace, seq, rank, ...aging });
  return returned(ahead).count + 1;
}
