import type { Clock } from '../../../ports/clock.ts';

/** Sessions that found no place for their agent. They look again when one may have become free. */
export interface Placeless {
  has(workspace: string): boolean;
  /** Somebody looks for a place from now on. What is returned notes that there was none, unless one may have become
   *  free since. */
  looking(): (workspace: string) => void;
  /** A place may have become free. */
  freed(): void;
  /** They look no more. */
  stop(): void;
}

/** Nobody tells when a person who kept a session from sleeping has gone. */
const LOOK_MS = 2_000;

export function createPlaceless(clock: Pick<Clock, 'after'>, look: () => void): Placeless {
  const waiting = new Set<string>();
  let freedCount = 0;
  let callOffLook: (() => void) | null = null;
  let isStopped = false;

  function freed(): void {
    freedCount += 1;
    callOffLook?.();
    callOffLook = null;
    waiting.clear();
    look();
  }

  return {
    has: (workspace) => waiting.has(workspace),
    looking() {
      const before = freedCount;
      return (workspace) => {
        if (before !== freedCount) return;
        waiting.add(workspace);
        if (!isStopped) callOffLook ??= clock.after(LOOK_MS, freed);
      };
    },
    freed,
    stop() {
      isStopped = true;
      callOffLook?.();
    },
  };
}
