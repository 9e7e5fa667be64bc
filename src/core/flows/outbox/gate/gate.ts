import type { Clock } from '../../../ports/clock.ts';
import type { TransportPolicy } from '../../../ports/transport.ts';
import { createPlaces, type Ward } from './places.ts';
import { createLedger } from './ledger.ts';
import { createLines, type Line, walk } from './lines.ts';
import type { Rank } from './spent.ts';

/** Lets attempts of one transport begin, as its policy allows: low ranks before high, first come first served inside of
 *  one. Who waits for a budget of their own holds up nobody else. */
export interface Gate {
  /** Resolves with what says that the attempt is over; null: the gate was closed first. */
  enter(attempt: GateAttempt): Promise<(() => void) | null>;
  /** One of this address waits. */
  isAsked(address: string): boolean;
  /** Nothing to this address, and to those that wait with it, for so long. */
  hold(address: string, ms: number): void;
  /** It has something of this rank by now, and goes before those that have not. */
  hurry(address: string, rank: Rank): void;
  close(): void;
}

export interface GateAttempt {
  readonly address: string;
  readonly rank: Rank;
  readonly ward: Ward;
  /** Aborts when it need not begin any more. */
  readonly signal?: AbortSignal;
}

export function createGate(clock: Clock, policy: Pick<TransportPolicy, 'concurrency' | 'budgets' | 'holdOf'>): Gate {
  const ledger = createLedger(policy);
  const places = createPlaces(clock, policy.concurrency, look);
  const lines = createLines();
  let callOff = (): void => {};
  let isClosed = false;

  function look(): void {
    if (isClosed) return;
    callOff();
    const now = clock.elapsed();
    let next = Infinity;
    for (const rank of lines.ranks) next = Math.min(next, letInFrom(rank, now));
    callOff = next < Infinity ? clock.after(next - now, look) : () => {};
  }

  /** Returns when a budget is free for one that waits for it. */
  function letInFrom(rank: readonly Line[], now: number): number {
    let next = Infinity;
    for (const { waiter, take } of walk(rank, (ward) => places.hasFree(ward))) {
      const freeAt = ledger.freeAt(waiter, now);
      if (freeAt > now) {
        next = Math.min(next, freeAt);
        continue;
      }
      take();
      ledger.spend(waiter, now);
      waiter.letIn(places.take(waiter.ward));
    }
    return next;
  }

  return {
    enter(attempt) {
      if (isClosed || attempt.signal?.aborted === true) return Promise.resolve(null);
      const { promise, resolve } = Promise.withResolvers<(() => void) | null>();
      const waiter = { ...attempt, keys: ledger.keysOf(attempt.address), letIn: resolve };
      attempt.signal?.addEventListener('abort', () => lines.remove(waiter), { once: true });
      lines.add(waiter);
      look();
      return promise;
    },
    hold(address, ms) {
      ledger.hold(address, clock.elapsed() + ms);
      look();
    },
    isAsked: lines.isAsked,
    hurry(address, rank) {
      lines.hurry(address, rank);
      look();
    },
    close() {
      isClosed = true;
      callOff();
      places.close();
      lines.clear();
    },
  };
}
