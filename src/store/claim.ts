import type { RequestRecord } from '../core/model/request.ts';
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

/** A request that this many later ones overtook goes first … */
const MAX_OVERTAKEN = 10;
/** … and so does one that has waited this long. */
const MAX_WAIT_MS = 5 * 60_000;

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
  const overtaker = db.get(nthLastStarted, { workspace, skip: MAX_OVERTAKEN - 1 });
  return { agedBefore: overtaker?.seq ?? 0, agedSince: now - MAX_WAIT_MS };
}

function hasAged(row: { readonly seq: number; readonly created_at: number }, aging: Aging): boolean {
  return row.seq < aging.agedBefore || row.created_at <= aging.agedSince;
}
