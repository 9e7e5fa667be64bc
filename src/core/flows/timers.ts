import type { Clock } from '../ports/clock.ts';

/** One timer for each name. */
export interface Timers {
  /** Takes the place of the one that is set for this name. */
  set(name: string, ms: number, due: () => void): void;
  has(name: string): boolean;
  callOff(name: string): void;
  callOffAll(): void;
}

export function createTimers(clock: Pick<Clock, 'after'>): Timers {
  const callOffs = new Map<string, () => void>();

  function callOff(name: string): void {
    callOffs.get(name)?.();
    callOffs.delete(name);
  }

  return {
    set(name, ms, due) {
      callOff(name);
      const stop = clock.after(ms, () => {
        callOffs.delete(name);
        due();
      });
      callOffs.set(name, stop);
    },
    has: (name) => callOffs.has(name),
    callOff,
    callOffAll() {
      for (const name of callOffs.keys()) callOff(name);
    },
  };
}
