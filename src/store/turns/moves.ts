import { type Aging, findAging, hasAged } from './aging.ts';
import { appendEvent } from '../events/events.ts';
import { oldestQueued } from '../requests/queries.ts';
import { firstByArrival, firstByClass, notePosition, type QueuedRow } from '../requests/queue-queries.ts';
import { all, both, get, send, type Step } from '../sql/step.ts';

/** Those so near to the front of their queue are told where they stand: what moves a deep queue costs no more than
 *  what moves a short one. */
export const FRONT = 3;

/** Tells those whose place is another one than they were told. Inside the transaction of what moved them. */
export function* tellMoves(workspace: string, now: number): Step<void> {
  const { front } = yield* findFront(workspace, now);
  yield* tellPlaces(workspace, front, now);
}

/** Where one that comes now will stand: null when that is not near the front. */
export interface Place {
  readonly position: number | null;
  /** Who stands in front then, in order; null for the one that comes. */
  readonly front: readonly (QueuedRow | null)[];
}

const FAR: Place = { position: null, front: [] };

/** `waiting`: how many wait already; `ahead`: those of its class and above, of whom FRONT need be counted. */
export function* findPlace(
  workspace: string,
  { rank, waiting, ahead }: { readonly rank: number; readonly waiting: number; readonly ahead: number },
  now: number,
): Step<Place> {
  if (waiting === 0) return { position: 1, front: [null] };
  if (ahead >= FRONT) return FAR;
  const { front, aging } = yield* findFront(workspace, now);
  // What comes now has not aged.
  const before = front.filter((row) => hasAged(row, aging) || row.rank <= rank).length;
  if (before >= FRONT) return FAR;
  return { position: before + 1, front: [...front.slice(0, before), null, ...front.slice(before, FRONT)] };
}

/** `null` was told when it came. */
export function* tellPlaces(workspace: string, front: readonly (QueuedRow | null)[], now: number): Step<void> {
  for (const [index, row] of front.entries()) {
    const position = index + 1;
    const told = position <= FRONT ? position : null;
    if (row === null || row.told_position === told) continue;
    yield* send(notePosition, { id: row.id, position: told });
    yield* appendEvent({ type: 'request.moved', requestId: row.id, workspace, at: now, data: { position } }, row);
  }
}

interface Front {
  /** In the order of their turns, and one more: it may have stood nearer. */
  readonly front: readonly QueuedRow[];
  readonly aging: Aging;
}

function* findFront(workspace: string, now: number): Step<Front> {
  const limit = FRONT + 1;
  const [aging, [oldest, first]] = yield* both(
    findAging(workspace, now),
    both(get(oldestQueued, { workspace }), all(firstByClass, { workspace, limit })),
  );
  const hasOneAged = oldest !== undefined && hasAged(oldest, aging);
  const aged = hasOneAged
    ? (yield* all(firstByArrival, { workspace, limit })).filter((row) => hasAged(row, aging))
    : [];
  const others = first.filter((row) => !hasAged(row, aging));
  return { front: [...aged, ...others].slice(0, limit), aging };
}
