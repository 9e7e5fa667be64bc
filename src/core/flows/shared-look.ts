import type { Clock } from '../ports/clock.ts';

/** A look is this old at most when it is shown. */
const AGE_MAX_MS = 1_000;

/** One look for all who ask while it is under way, and for a moment afterwards: what it costs does not depend on how
 *  many ask. One that fails is shared as well. */
export function shareLook<T>(clock: Pick<Clock, 'now'>, look: () => Promise<T>): () => Promise<T> {
  let last: { readonly beganAt: number; readonly found: Promise<T> } | null = null;
  let isUnderWay = false;
  return () => {
    const age = last === null ? null : clock.now() - last.beganAt;
    // A clock that was set back makes it as old as can be.
    if (last !== null && age !== null && (isUnderWay || (age >= 0 && age < AGE_MAX_MS))) return last.found;
    isUnderWay = true;
    const found = look().finally(() => (isUnderWay = false));
    last = { beganAt: clock.now(), found };
    return found;
  };
}
