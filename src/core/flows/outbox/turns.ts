import type { Clock } from '../../ports/clock.ts';
import type { Posts } from './posts.ts';

/** For what is said beside what is owed: a reply to somebody who wrote. */
export interface Turns {
  /** True at its turn; false when there will be none, or nobody would look for it any more. */
  turn(address: string, signal: AbortSignal): Promise<boolean>;
}

/** What waits for one address at most: to somebody who says a hundred things a second not each is answered. */
const WAITING_MAX = 5;
const WORTH_MS = 60_000;

export function createTurns(clock: Clock, posts: Posts): Turns {
  const waiting = new Map<string, number>();

  return {
    async turn(address, signal) {
      const before = waiting.get(address) ?? 0;
      if (before >= WAITING_MAX) return false;
      waiting.set(address, before + 1);
      const late = new AbortController();
      const callOff = clock.after(WORTH_MS, () => late.abort());
      try {
        const until = AbortSignal.any([signal, late.signal]);
        const leave = await posts.of(address).gate.enter({ address, rank: 1, ward: 'living', signal: until });
        leave?.();
        return leave !== null;
      } finally {
        callOff();
        const left = (waiting.get(address) ?? 1) - 1;
        if (left === 0) waiting.delete(address);
        else waiting.set(address, left);
      }
    },
  };
}
