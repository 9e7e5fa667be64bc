import { findAging, hasAged } from './aging.ts';
import { appendEvent } from '../events/events.ts';
import { oldestQueued } from '../requests/queries.ts';
import { firstByArrival, firstByClass, notePosition, type QueuedRow } from '../requests/queue-queries.ts';
import type { Statements } from '../sql/statements.ts';

/** Those so near to the front of their queue are told where they stand: what moves a deep queue costs no more than
 *  what moves a short one. */
const FRONT = 3;

/** Tells those whose place is another one than they were told. Inside the transaction of what moved them. */
export function tellMoves(db: Statements, workspace: string, now: number): void {
  for (const [index, row] of findFront(db, workspace, now).entries()) {
    const position = index + 1;
    const told = position <= FRONT ? position : null;
    if (row.told_position === told) continue;
    db.run(notePosition, { id: row.id, position: told });
    appendEvent(db, { type: 'request.moved', requestId: row.id, workspace, at: now, data: { position } });
  }
}

/** The place of one that has just come; null when it is not near the front. It counts as told. */
export function placeNew(db: Statements, id: string, workspace: string, now: number): number | null {
  // Nothing goes behind one that has just come but what is of a lower class.
  if (!db.all(firstByClass, { workspace, limit: FRONT }).some((row) => row.id === id)) return null;
  const index = findFront(db, workspace, now).findIndex((row) => row.id === id);
  if (index < 0 || index >= FRONT) return null;
  db.run(notePosition, { id, position: index + 1 });
  return index + 1;
}

/** In the order of their turns, and one more: it may have stood nearer. */
function findFront(db: Statements, workspace: string, now: number): readonly QueuedRow[] {
  const limit = FRONT + 1;
  const aging = findAging(db, workspace, now);
  const oldest = db.get(oldestQueued, { workspace });
  const hasOneAged = oldest !== undefined && hasAged(oldest, aging);
  const aged = hasOneAged ? db.all(firstByArrival, { workspace, limit }).filter((row) => hasAged(row, aging)) : [];
  if (aged.length === limit) return aged;
  const others = db.all(firstByClass, { workspace, limit }).filter((row) => !hasAged(row, aging));
  return [...aged, ...others].slice(0, limit);
}
