import type { FailingLane } from '../../../model/delivery.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { TransportPolicy } from '../../../ports/transport.ts';
import { longestPause } from './retries.ts';

/** How long failing lanes wait. A pause ends when its time has passed, also where the clock was set back meanwhile. */
export interface Waits {
  /** From now to the next attempt (milliseconds); 0: it is due. `failing` is null for a lane that does not fail. */
  left(lane: string, failing: FailingLane | null, policy: Pick<TransportPolicy, 'retryMs'>): number;
}

export function createWaits(clock: Pick<Clock, 'now' | 'elapsed'>): Waits {
  const waits = new Map<string, { readonly notBefore: number; readonly overAt: number }>();

  return {
    left(lane, failing, policy) {
      if (failing === null) {
        waits.delete(lane);
        return 0;
      }
      const { notBefore } = failing;
      const byClock = notBefore - clock.now();
      let wait = waits.get(lane);
      if (wait?.notBefore !== notBefore) {
        // What lies farther ahead than any pause was planned by a clock that has been set back since.
        wait = { notBefore, overAt: clock.elapsed() + (byClock > longestPause(policy) ? 0 : byClock) };
        waits.set(lane, wait);
      }
      return Math.max(0, Math.min(byClock, wait.overAt - clock.elapsed()));
    },
  };
}
