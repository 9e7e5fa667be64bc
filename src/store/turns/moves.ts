import { findAging, hasAged } from './aging.ts';
import { appendEvent } from '../events/events.ts';
import { oldestQueued } from '../requests/queries.ts';
import { firstByArrival, firstByClass, notePosition, type QueuedRow } from '../requests/queue-queries.ts';
import { all, get, run, type Step } from '../sql/step.ts';

/** Those so near to the front of their queue are told where they stand: what moves a deep queue costs no more than
 *  what moves a short one. */
const FRONT = 3;

/** Tells those whose place is another one than they were told. Inside the transaction of what moved them. */
export function* tellMoves(workspace: string, now: number): Step<void> {
  for (const [index, row] of (yield* findFront(workspace, now)).entries()) {
    const position = index + 1;
    const told = position <= FRONT ? position : null;
    if (row.told_position === told) continue;
    yield* run(notePosition, { id: row.id, position: told });
    yield* appendEvent({ type: 'request.moved', requestId: row.id, workspace, at: now, data: { position } });
  }
}

/** The place of one that has just come; null when it is not near the front. It counts as told. */
export function* placeNew(id: string, workspace: string, now: number): Step<number | null> {
  // Nothing goes behind one that has just come but what is of a lower class.
  if (!(yield* all(firstByClass, { workspace, limit: FRONT })).some((row) => row.id === id)) return null;
  const index = (yield* findFront(workspace, now)).findIndex((row) => row.id === id);
  if (index < 0 || index >= FRONT) return null;
  yield* run(notePosition, { id, position: index + 1 });
  return index + 1;
}

/** In the order of their turns, and one more: it may have stood nearer. */
function* findFront(workspace: string, now: number): Step<readonly QueuedRow[]> {
  const limit = FRONT + 1;
  const aging = yield* findAging(workspace, now);
  const oldest = yield* get(oldestQueued, { workspace });
  const hasOneAged = oldest !== undefined && hasAged(oldest, aging);
  const aged = hasOneAged
    ? (yield* all(firstByArrival, { workspace, limit })).filter((row) => hasAged(row, aging))
    : [];
  if (aged.length === limit) return aged;
  const others = (yield* all(firstByClass, { workspace, limit })).filter((row) => !hasAged(row, aging));
  return [...aged, ...others].slice(0, limit);
}
