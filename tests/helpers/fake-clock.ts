import type { Clock } from '../../src/core/ports/clock.ts';

export interface FakeClock extends Clock {
  /** Moves time on and runs the timers that fall due, in their order. */
  advance(ms: number): void;
  /** Somebody sets the clock, forward or back. */
  set(byMs: number): void;
  /** Timers that are set. */
  pending(): number;
}

export function createFakeClock(start = 1_700_000_000_000): FakeClock {
  let passed = 0;
  let base = start;
  const timers = new Set<{ readonly at: number; readonly callback: () => void }>();
  return {
    now: () => base + passed,
    elapsed: () => passed,
    after(ms, callback) {
      const timer = { at: passed + ms, callback };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    advance(ms) {
      const until = passed + ms;
      for (;;) {
        const due = [...timers].filter((timer) => timer.at <= until).toSorted((a, b) => a.at - b.at)[0];
        if (!due) break;
        timers.delete(due);
        passed = Math.max(passed, due.at);
        due.callback();
      }
      passed = until;
    },
    set(byMs) {
      base += byMs;
    },
    pending: () => timers.size,
  };
}
