import { hasEnded, type RequestRecord } from '../../model/request.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Store } from '../../ports/store.ts';

/** Turns of a workspace resemble one another; so many are enough for a median that follows a change. */
const TURNS = 20;

export interface EstimateParts {
  readonly store: Pick<Store, 'readDurations'>;
  readonly clock: Pick<Clock, 'now'>;
}

export interface Standing {
  readonly request: RequestRecord;
  /** 1 for the next one of its session; null when not queued. */
  readonly position: number | null;
  /** When the turn began that runs in its session; null when none runs. */
  readonly runningSince: number | null;
}

/** When the request is expected to end (epoch milliseconds, never in the past); null when nothing is known.
 *  It knows of no other session, so a gateway without a free place is later than it says. */
export async function estimateEnd(
  { store, clock }: EstimateParts,
  { request, position, runningSince }: Standing,
): Promise<number | null> {
  if (hasEnded(request.state)) return null;
  const median = medianOf(await store.readDurations(request.workspace, TURNS));
  if (median === null) return null;
  const now = clock.now();
  const endOf = (startedAt: number | null): number => Math.max(now, startedAt === null ? now : startedAt + median);
  return position === null ? endOf(request.startedAt) : endOf(runningSince) + position * median;
}

/** A whole number; null of nothing. */
function medianOf(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[sorted.length >> 1];
  const lower = sorted[(sorted.length - 1) >> 1];
  return upper === undefined || lower === undefined ? null : Math.round((lower + upper) / 2);
}
