import type { Spent, SpentBy, SpentFilter, UsageGroup } from './usage-store.ts';

/** What the agents took. */
export interface UsageApi {
  /** The last days first, otherwise the dearest first; `total` is of all of them, also of those beyond the limit. */
  read(by: UsageGroup, filter: SpentFilter, limit: number): Promise<Usages>;
  /** Of this day (UTC), and what may still be spent. */
  today(): Promise<Today>;
  /** Throws `budget_spent` when no more work is taken today. */
  refuseBeyondBudget(): Promise<void>;
}

export interface Usages {
  readonly groups: readonly SpentBy[];
  readonly total: Spent;
}

export interface Today {
  /** Its midnight (UTC). */
  readonly since: number;
  readonly spent: Spent;
  /** Millionths of a US dollar; null: as much as it takes. */
  readonly leftMicroUsd: number | null;
}
