import type { TransportPolicy } from '../../../ports/transport.ts';
import type { Waiter } from './lines.ts';
import { createSpent } from './spent.ts';

/** All that says when an attempt may begin: what was spent, and who asked for patience. */
export interface Ledger {
  keysOf(address: string): Waiter['keys'];
  /** In the past: now. */
  freeAt(waiter: Waiter, now: number): number;
  spend(waiter: Waiter, now: number): void;
  /** Nothing to this address, and to those that wait with it, before `until`. */
  hold(address: string, until: number): void;
}

export function createLedger({ budgets, holdOf }: Pick<TransportPolicy, 'budgets' | 'holdOf'>): Ledger {
  const all = budgets.map((budget) => createSpent(budget));
  const holds = createHolds(holdOf);

  return {
    keysOf: (address) => budgets.map(({ keyOf }) => keyOf(address)),
    freeAt: ({ address, rank, keys }, now) =>
      Math.max(holds.until(address, now), ...all.map((spent, at) => spent.freeAt(keys[at] ?? null, rank, now))),
    spend({ rank, keys }, now) {
      for (const [at, spent] of all.entries()) spent.spend(keys[at] ?? null, rank, now);
    },
    hold: holds.add,
  };
}

interface Holds {
  add(address: string, until: number): void;
  /** In the past: it is not held. */
  until(address: string, now: number): number;
}

/** Without a rule, each lane waits for itself, as long as its failure says. */
function createHolds(holdOf?: (address: string) => string): Holds {
  const held = new Map<string, number>();
  return {
    add(address, until) {
      if (holdOf !== undefined) held.set(holdOf(address), until);
    },
    until(address, now) {
      if (held.size === 0 || holdOf === undefined) return 0;
      for (const [key, until] of held) if (until <= now) held.delete(key);
      return held.get(holdOf(address)) ?? 0;
    },
  };
}
