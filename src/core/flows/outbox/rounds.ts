import type { Clock } from '../../ports/clock.ts';
import { createTimers } from '../timers.ts';

/** Serves each lane in rounds, one at a time, until nothing is owed in it. */
export interface Rounds {
  /** Now, or as soon as the round that runs has ended. */
  begin(lane: string): void;
  /** For its time to come. */
  isWaiting(lane: string): boolean;
  /** No round begins any more; resolves when none runs. */
  stop(): Promise<void>;
}

/** The longest that a timer can wait. */
const TIMER_MAX_MS = 2_147_483_647;

/** `serve` resolves with the time to the next round (milliseconds), null for none, and does not reject. */
export function createRounds(clock: Clock, serve: (lane: string) => Promise<number | null>): Rounds {
  const timers = createTimers(clock);
  const running = new Map<string, { ended: Promise<void>; isAsked: boolean }>();
  let isStopped = false;

  function begin(lane: string): void {
    if (isStopped) return;
    timers.callOff(lane);
    const known = running.get(lane);
    if (known !== undefined) {
      known.isAsked = true;
      return;
    }
    const round = { ended: Promise.resolve(), isAsked: false };
    running.set(lane, round);
    round.ended = serve(lane).then((waitMs) => {
      running.delete(lane);
      if (round.isAsked) begin(lane);
      else if (waitMs !== null && !isStopped) timers.set(lane, Math.min(waitMs, TIMER_MAX_MS), () => begin(lane));
    });
  }

  return {
    begin,
    isWaiting: (lane) => timers.has(lane),
    async stop() {
      isStopped = true;
      timers.callOffAll();
      await Promise.all([...running.values()].map(({ ended }) => ended));
    },
  };
}
