import type { Budget } from '../../../ports/transport.ts';

/** The low ones go first. */
export type Rank = 0 | 1 | 2;

/** What was spent of one budget, by its keys (null: it is not for this one): never more than `count` in any stretch of
 *  `perMs`, and of what is not so urgent never more than what is left for it. */
export interface Spent {
  /** When the next attempt fits; in the past: now. */
  freeAt(key: string | null, rank: Rank, now: number): number;
  spend(key: string | null, rank: Rank, now: number): void;
}

interface Coin {
  readonly at: number;
  readonly rank: Rank;
}

/** Beyond so many, those of long ago are forgotten. */
const KEYS_MAX = 1_000;
const RANKS = [0, 1, 2] as const;

export function createSpent({ count, perMs, keep: [decisions, read] = [0, 0] }: Omit<Budget, 'keyOf'>): Spent {
  /** The last ones of each key, oldest first. */
  const spent = new Map<string, readonly Coin[]>();
  /** For what is of a rank and all that is less urgent. */
  const limits = { 0: count, 1: count - decisions, 2: count - decisions - read };

  const isOver = (coins: readonly Coin[], now: number): boolean => (coins.at(-1)?.at ?? -Infinity) <= now - perMs;

  function recent(key: string, now: number): readonly Coin[] {
    const kept = (spent.get(key) ?? []).filter(({ at }) => at > now - perMs);
    if (kept.length === 0) spent.delete(key);
    else spent.set(key, kept);
    return kept;
  }

  return {
    freeAt(key, rank, now) {
      if (key === null) return now;
      const coins = recent(key, now);
      const times = RANKS.filter((limited) => limited <= rank).map((limited) => {
        const counted = coins.filter((coin) => coin.rank >= limited);
        const limit = limits[limited];
        return counted.length < limit ? now : (counted.at(-limit)?.at ?? -Infinity) + perMs;
      });
      return Math.max(...times);
    },
    spend(key, rank, now) {
      if (key === null) return;
      if (spent.size >= KEYS_MAX) for (const [name, coins] of spent) if (isOver(coins, now)) spent.delete(name);
      spent.set(key, [...recent(key, now), { at: now, rank }]);
    },
  };
}
