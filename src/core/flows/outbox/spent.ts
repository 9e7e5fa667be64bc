import type { Budget } from '../../ports/transport.ts';

/** What was spent of one budget, by its keys: never more than `count` in any stretch of `perMs`. */
export interface Spent {
  /** When the next attempt fits; in the past: now. */
  freeAt(address: string, now: number): number;
  spend(address: string, now: number): void;
}

export function createSpent({ keyOf, count, perMs }: Budget): Spent {
  /** The last instants of each key, oldest first. */
  const spent = new Map<string, number[]>();

  function recent(key: string, now: number): number[] {
    const kept = (spent.get(key) ?? []).filter((at) => at > now - perMs);
    if (kept.length === 0) spent.delete(key);
    else spent.set(key, kept);
    return kept;
  }

  return {
    freeAt(address, now) {
      const key = keyOf(address);
      const instants = key === null ? [] : recent(key, now);
      return instants.length < count ? now : (instants.at(-count) ?? 0) + perMs;
    },
    spend(address, now) {
      const key = keyOf(address);
      if (key !== null) spent.set(key, [...recent(key, now), now]);
    },
  };
}
