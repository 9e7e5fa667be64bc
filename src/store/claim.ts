import { MAX_OVERTAKEN, MAX_WAIT_MS, type RequestRecord } from '../core/model/request.ts';
import type { QueueHead } from '../core/ports/store.ts';
import { appendEvent } from './events.ts';
import {
  firstOfHighestClass,
  nthLastStarted,
  oldestQueued,
  queuedAhead,
  queuedBefore,
  requestById,
  runningInSession,
  startQueued,
} from './queries.ts';
import { toRequest } from './rows.ts';
import { returned, type Statements } from './statements.ts';

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

interface Aging {
  /** MAX_OVERTAKEN turns overtook all that wait with a seq below this one. */
  readonly agedBefore: number;
  /** Those that arrived then or earlier have waited for MAX_WAIT_MS. */
  readonly agedSince: number;
}

function findAging(db: Statements, workspace: string, now: number): Aging {
  return { agedBefore: findOvertaken(db, workspace), agedSince: now - MAX_WAIT_MS };
}

/** MAX_OVERTAKEN turns overtook all that wait with a seq below this one. */
function findOvertaken(db: Statements, workspace: string): number {
  return db.get(nthLastStarted, { workspace, skip: MAX_OVERTAKEN - 1 })?.seq ?? 0;
}

function hasAged(row: { readonly seq: number; readonly created_at: number }, aging: Aging): boolean {
  return row.seq < aging.agedBefore || row.created_at <= aging.agedSince;
}
