import type { Clock } from '../ports/clock.ts';

/** The time that a turn has. It stands still while it is held. */
export interface Deadline {
  /** Each hold needs a release. */
  hold(): void;
  release(): void;
  callOff(): void;
}

export function createDeadline(clock: Clock, leftMs: number, due: () => void): Deadline {
  let left = Math.max(0, leftMs);
  let holds = 0;
  let since = clock.elapsed();
  let isOff = false;
  let callOff = clock.after(left, due);

  function stand(): void {
    callOff();
    left = Math.max(0, left - (clock.elapsed() - since));
  }

  function go(): void {
    since = clock.elapsed();
    callOff = clock.after(left, due);
  }

  return {
    hold() {
      holds += 1;
      if (holds === 1 && !isOff) stand();
    },
    release() {
      holds -= 1;
      if (holds === 0 && !isOff) go();
    },
    callOff() {
      isOff = true;
      callOff();
    },
  };
}

/** How long at least one of these stood open before `now`. */
export function timeHeld(
  spans: readonly { readonly from: number; readonly until: number | null }[],
  now: number,
): number {
  let held = 0;
  let end = -Infinity;
  for (const { from, until } of spans.toSorted((a, b) => a.from - b.from)) {
    const to = until ?? now;
    held += Math.max(0, to - Math.max(from, end));
    end = Math.max(end, to);
  }
  return held;
}
