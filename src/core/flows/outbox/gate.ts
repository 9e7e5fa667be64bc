import type { Clock } from '../../ports/clock.ts';
import type { TransportPolicy } from '../../ports/transport.ts';
import { createSpent, type Spent } from './spent.ts';

/** Lets attempts of one transport begin, as its policy allows: approvals and answers before progress, first come first
 *  served inside of a rank. Who waits for a budget of their own holds up nobody else. */
export interface Gate {
  /** Resolves with what says that the attempt is over; null: the gate was closed first. */
  enter(attempt: GateAttempt): Promise<(() => void) | null>;
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
      const before = waiters.findLastIndex(({ rank }) => rank <= attempt.rank);
      waiters.splice(before + 1, 0, { ...attempt, letIn: resolve });
      look();
      return promise;
    },
    close() {
      isClosed = true;
      callOff();
      for (const { letIn: tell } of waiters) tell(null);
      waiters = [];
    },
  };
}
