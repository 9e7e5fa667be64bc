import type { Budget } from '../../../ports/transport.ts';

/** What was spent of one budget, by its keys: never more than `count` in any stretch of `perMs`. */
export interface Spent {
  /** When the next attempt fits; in the past: now. */
  freeAt(address: string, now: number): number;
  spend(address: string, now: number): void;
}

/** Beyond so many, those of long ago are forgotten. */
const KEYS_MAX = 1_000;

export function createSpent({ keyOf, count, perMs }: Budget): Spent {
  /** The last instants of each key, oldest first. */
  const spent = new Map<string, number[]>();

  const isOver = (instants: readonly number[], now: number): boolean => (instants.at(-1) ?? 0) <= now - perMs;

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
      if (key === null) return;
      if (spent.size >= KEYS_MAX) for (const [name, instants] of spent) if (isOver(instants, now)) spent.delete(name);
      spent.set(key, [...recent(key, now), now]);
    },
  };
}
