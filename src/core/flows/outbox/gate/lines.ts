import type { Ward } from './places.ts';
import type { Rank } from './spent.ts';

/** One that waits at the gate. */
export interface Waiter {
  readonly address: string;
  readonly rank: Rank;
  readonly ward: Ward;
  /** Of the budgets, in their order. */
  readonly keys: readonly (string | null)[];
  readonly letIn: (leave: (() => void) | null) => void;
}

/** Those of one ward and one rank, first come first. */
export interface Line {
  readonly ward: Ward;
  readonly rank: Rank;
  readonly waiters: Waiter[];
}

export interface Lines {
  /** One of this address waits. */
  isAsked(address: string): boolean;
  /** It has something of this rank by now, and goes before those that have not. */
  hurry(address: string, rank: Rank): void;
  /** What wards share are budgets, so an answer of any ward goes before progress. */
  readonly all: readonly Line[];
  add(waiter: Waiter): void;
  /** It is told that it is not let in, unless it was. */
  remove(waiter: Waiter): void;
}

export function createLines(): Lines {
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
    remove(waiter) {
      for (const { waiters } of all) {
        const at = waiters.findIndex(({ letIn }) => letIn === waiter.letIn);
        for (const gone of at === -1 ? [] : waiters.splice(at, 1)) gone.letIn(null);
      }
    },
    isAsked: (address) => all.some(({ waiters }) => waiters.some((waiter) => waiter.address === address)),
    hurry(address, rank) {
      for (const { waiters } of all.filter((line) => line.rank > rank)) {
        const at = waiters.findIndex((waiter) => waiter.address === address);
        for (const late of at === -1 ? [] : waiters.splice(at, 1)) add({ ...late, rank });
      }
    },
  };
}
