import type { Clock } from '../../ports/clock.ts';
import type { TransportPolicy } from '../../ports/transport.ts';
import { createSpent, type Spent } from './spent.ts';

/** Lets attempts of one transport begin, as its policy allows: low ranks before high, first come first served inside of
 *  one. Who waits for a budget of their own holds up nobody else. */
export interface Gate {
  /** Resolves with what says that the attempt is over; null: the gate was closed first. */
  enter(attempt: GateAttempt): Promise<(() => void) | null>;
  /** One of this address waits. */
  isAsked(address: string): boolean;
  /** It has something of this rank by now, and goes before those that have not. */
  hurry(address: string, rank: number): void;
  close(): void;
}

export interface GateAttempt {
  readonly address: string;
  readonly rank: number;
  /** Those that failed last have places of their own, so that dead addresses take none from the living. */
  readonly isFailing: boolean;
}

interface Waiter extends GateAttempt {
  readonly letIn: (leave: (() => void) | null) => void;
}

export function createGate(clock: Clock, policy: Pick<TransportPolicy, 'concurrency' | 'budgets'>): Gate {
  const budgets: readonly Spent[] = policy.budgets.map((budget) => createSpent(budget));
  const inside = { well: 0, failing: 0 };
  let waiters: Waiter[] = [];
  let callOff = (): void => {};
  let isClosed = false;

  const wardOf = ({ isFailing }: GateAttempt): keyof typeof inside => (isFailing ? 'failing' : 'well');
  const isFull = (attempt: GateAttempt): boolean => inside[wardOf(attempt)] >= policy.concurrency;

  function letIn(waiter: Waiter, now: number): void {
    const ward = wardOf(waiter);
    inside[ward] += 1;
    for (const spent of budgets) spent.spend(waiter.address, now);
    waiter.letIn(() => {
      inside[ward] -= 1;
      look();
    });
  }

  function look(): void {
    if (waiters.length === 0) return;
    callOff();
    const now = clock.now();
    let next = Infinity;
    waiters = waiters.filter((waiter) => {
      if (isFull(waiter)) return true;
      const freeAt = Math.max(0, ...budgets.map((spent) => spent.freeAt(waiter.address, now)));
      if (freeAt <= now) {
        letIn(waiter, now);
        return false;
      }
      next = Math.min(next, freeAt);
      return true;
    });
    if (next < Infinity) callOff = clock.after(next - now, look);
  }

  return {
    enter(attempt) {
      if (isClosed) return Promise.resolve(null);
      const { promise, resolve } = Promise.withResolvers<(() => void) | null>();
      waiters = putIn(waiters, { ...attempt, letIn: resolve });
      look();
      return promise;
    },
    isAsked: (address) => waiters.some((waiter) => waiter.address === address),
    hurry(address, rank) {
      const late = waiters.find((waiter) => waiter.address === address && waiter.rank > rank);
      if (late !== undefined) waiters = putIn(without(waiters, late), { ...late, rank });
    },
    close() {
      isClosed = true;
      callOff();
      for (const { letIn: tell } of waiters) tell(null);
      waiters = [];
    },
  };
}

/** Behind those of its rank. */
function putIn(waiters: readonly Waiter[], waiter: Waiter): Waiter[] {
  const before = waiters.findLastIndex(({ rank }) => rank <= waiter.rank);
  return waiters.toSpliced(before + 1, 0, waiter);
}

function without(waiters: readonly Waiter[], waiter: Waiter): readonly Waiter[] {
  return waiters.filter((known) => known !== waiter);
}
