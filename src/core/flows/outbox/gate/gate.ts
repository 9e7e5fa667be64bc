import type { Clock } from '../../../ports/clock.ts';
import type { TransportPolicy } from '../../../ports/transport.ts';
import { createPlaces, type Ward } from './places.ts';
import { createSpent, type Spent } from './spent.ts';

/** Lets attempts of one transport begin, as its policy allows: low ranks before high, first come first served inside of
 *  one. Who waits for a budget of their own holds up nobody else. */
export interface Gate {
  /** Resolves with what says that the attempt is over; null: the gate was closed first. */
  enter(attempt: GateAttempt): Promise<(() => void) | null>;
  /** One of this address waits. */
  isAsked(address: string): boolean;
  /** It has something of this rank by now, and goes before those that have not. */
  hurry(address: string, rank: Rank): void;
  close(): void;
}

export type Rank = 0 | 1 | 2;

export interface GateAttempt {
  readonly address: string;
  readonly rank: Rank;
  readonly ward: Ward;
}

interface Waiter extends GateAttempt {
  readonly letIn: (leave: (() => void) | null) => void;
}

export function createGate(clock: Clock, policy: Pick<TransportPolicy, 'concurrency' | 'budgets'>): Gate {
  const budgets: readonly Spent[] = policy.budgets.map((budget) => createSpent(budget));
  const places = createPlaces(clock, policy.concurrency, look);
  const lines = createLines();
  let callOff = (): void => {};
  let isClosed = false;

  function look(): void {
    if (isClosed) return;
    callOff();
    const now = clock.now();
    let next = Infinity;
    for (const line of lines.all) next = Math.min(next, letInFrom(line, now));
    callOff = next < Infinity ? clock.after(next - now, look) : () => {};
  }

  /** Up to the first for whom there is no place: others of this ward have none either. Returns when a budget is free
   *  for one that waits for it. */
  function letInFrom({ ward, waiters }: Line, now: number): number {
    let next = Infinity;
    for (let at = 0; at < waiters.length && places.hasFree(ward);) {
      const waiter = waiters[at];
      if (waiter === undefined) break;
      const freeAt = Math.max(0, ...budgets.map((spent) => spent.freeAt(waiter.address, now)));
      if (freeAt <= now) {
        waiters.splice(at, 1);
        for (const spent of budgets) spent.spend(waiter.address, now);
        waiter.letIn(places.take(ward));
      } else {
        next = Math.min(next, freeAt);
        at += 1;
      }
    }
    return next;
  }

  return {
    enter(attempt) {
      if (isClosed) return Promise.resolve(null);
      const { promise, resolve } = Promise.withResolvers<(() => void) | null>();
      lines.add({ ...attempt, letIn: resolve });
      look();
      return promise;
    },
    isAsked: lines.isAsked,
    hurry: lines.hurry,
    close() {
      isClosed = true;
      callOff();
      places.close();
      for (const { letIn } of lines.all.flatMap(({ waiters }) => waiters.splice(0))) letIn(null);
    },
  };
}

/** Those of one ward and one rank, first come first. */
interface Line {
  readonly ward: Ward;
  readonly rank: Rank;
  readonly waiters: Waiter[];
}

interface Lines extends Pick<Gate, 'isAsked' | 'hurry'> {
  /** What wards share are budgets, so an answer of any ward goes before progress. */
  readonly all: readonly Line[];
  add(waiter: Waiter): void;
}

function createLines(): Lines {
  const wards = ['living', 'new', 'failing'] as const;
  const all: readonly Line[] = ([0, 1, 2] as const).flatMap((rank) =>
    wards.map((ward) => ({ ward, rank, waiters: [] })),
  );

  function add(waiter: Waiter): void {
    all.find(({ ward, rank }) => ward === waiter.ward && rank === waiter.rank)?.waiters.push(waiter);
  }

  return {
    all,
    add,
    isAsked: (address) => all.some(({ waiters }) => waiters.some((waiter) => waiter.address === address)),
    hurry(address, rank) {
      for (const { waiters } of all.filter((line) => line.rank > rank)) {
        const at = waiters.findIndex((waiter) => waiter.address === address);
        for (const late of at === -1 ? [] : waiters.splice(at, 1)) add({ ...late, rank });
      }
    },
  };
}
