import type { Clock } from '../../../ports/clock.ts';

/** What is known of an address: whether it took what came last. */
export type Ward = 'living' | 'new' | 'failing';

/** Each ward has places of its own, so that the dead, and those that may be dead, take none from the living. */
export interface Places {
  hasFree(ward: Ward): boolean;
  /** Returns what gives it back. */
  take(ward: Ward): () => void;
  close(): void;
}

/** Who stays longer gives the place back and goes on among the slow ones, who may be so many times the places of a ward:
 *  silent addresses hold up nobody for longer. */
const SLOW_MS = 500;
const SLOW_TIMES = 4;

/** `freed` is called when a place may have become free. */
export function createPlaces(clock: Clock, perWard: number, freed: () => void): Places {
  const taken = { living: 0, new: 0, failing: 0, slow: 0 };
  const timers = new Set<() => void>();

  return {
    hasFree: (ward) => taken[ward] < perWard,
    take(ward) {
      let place: keyof typeof taken = ward;
      taken[place] += 1;
      const callOff = clock.after(SLOW_MS, () => {
        timers.delete(callOff);
        if (taken.slow >= perWard * SLOW_TIMES) return;
        taken[place] -= 1;
        place = 'slow';
        taken[place] += 1;
        freed();
      });
      timers.add(callOff);
      return () => {
        callOff();
        timers.delete(callOff);
        taken[place] -= 1;
        freed();
      };
    },
    close() {
      for (const callOff of timers) callOff();
      timers.clear();
    },
  };
}
