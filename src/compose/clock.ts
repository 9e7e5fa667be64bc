import type { Clock } from '../core/ports/clock.ts';

/** Node takes a longer time for one millisecond. */
const LONGEST_MS = 2 ** 31 - 1;

export const clock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  after(ms, callback) {
    let timer: NodeJS.Timeout;
    // Also where the clock of the machine was set back by months.
    const wait = (left: number): void => {
      const next = Math.min(left, LONGEST_MS);
      timer = setTimeout(() => (next === left ? callback() : wait(left - next)), next);
    };
    wait(ms);
    return () => clearTimeout(timer);
  },
};
