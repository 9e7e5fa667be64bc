import type { FailingLane } from '../../../model/delivery.ts';
import type { TransportPolicy } from '../../../ports/transport.ts';

export interface NextAttempt {
  readonly notBefore: number;
  /** From now on the lane is tried seldom. */
  readonly pause: boolean;
}

/** Nobody is asked again sooner, whatever they say. */
const AFTER_MIN_MS = 1_000;
/** Addresses that failed together are not all tried again in the same moment. */
const JITTER = 0.1;

/** When a lane is tried again after another failure. The address's own word goes before the schedule, up to its longest
 *  wait: nobody silences a lane for ever. One that has failed for long is asked as seldom as the schedule knows, whatever
 *  it says. `chance`: 0 to 1. */
export function planNextAttempt(
  { retryMs, pauseAfterMs }: Pick<TransportPolicy, 'retryMs' | 'pauseAfterMs'>,
  failing: FailingLane | null,
  now: number,
  afterMs: number | undefined,
  chance: number,
): NextAttempt {
  const longest = Math.max(...retryMs);
  const pause = failing !== null && now - failing.failingSince >= pauseAfterMs;
  const scheduled = (retryMs[failing?.failures ?? 0] ?? longest) * (1 + JITTER * chance);
  const asked = afterMs === undefined ? scheduled : Math.min(Math.max(AFTER_MIN_MS, afterMs), longest);
  return { notBefore: now + Math.round(pause ? longest * (1 + JITTER * chance) : asked), pause };
}

/** Nothing that was planned lies farther ahead than this. */
export function longestPause({ retryMs }: Pick<TransportPolicy, 'retryMs'>): number {
  return Math.max(...retryMs) * (1 + JITTER);
}
