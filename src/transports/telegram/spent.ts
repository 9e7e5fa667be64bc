import type { Budget } from '../../core/ports/transport.ts';

/** What was spent of all budgets together. */
export interface Spent {
  /** When the next message fits. */
  freeAt(address: string, now: number): number;
  spend(address: string, now: number): void;
}

export function createSpent(budgets: readonly Budget[]): Spent {
  const ledgers = budgets.map((budget) => ({ ...budget, instants: new Map<string, readonly number[]>() }));
  return {
    freeAt(address, now) {
      const times = ledgers.map(({ keyOf, count, perMs, instants }) => {
        const key = keyOf(address);
        const recent = key === null ? [] : (instants.get(key) ?? []).filter((instant) => instant > now - perMs);
        return recent.length < count ? now : (recent.at(-count) ?? now) + perMs;
      });
      return Math.max(now, ...times);
    },
    spend(address, now) {
      for (const { keyOf, perMs, instants } of ledgers) {
        const key = keyOf(address);
        if (key === null) continue;
        instants.set(key, [...(instants.get(key) ?? []).filter((instant) => instant > now - perMs), now]);
      }
    },
  };
}
