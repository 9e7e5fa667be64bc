import type { Within } from '../../model/keys/key.ts';
import type { Tokens } from '../../model/usage/usage.ts';

/** What sums are made of: a sum for each workspace, for each key (a person of a chat is `telegram:<id>`), for each model
 *  or for each day (UTC). */
export const USAGE_GROUPS = ['workspace', 'key', 'model', 'day'] as const;
export type UsageGroup = (typeof USAGE_GROUPS)[number];

/** From an instant to before another one (epoch milliseconds), by the ends of the turns. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Those turns of a span that a caller sees. */
export interface SpentFilter extends Span, Within {}

/** What was spent together. */
export interface Spent extends Tokens {
  /** That spent it, whole or in part. */
  readonly requests: number;
  /** Millionths of a US dollar, exactly, of all whose cost is known. */
  readonly costMicroUsd: number;
  /** Requests of which some of the cost is not known, so that it is not in the sum. */
  readonly unpriced: number;
}

export interface SpentBy extends Spent {
  /** The workspace, key or model, or the day as `2026-01-31`; null: whoever asked had none. */
  readonly name: string | null;
}

/** What turns took, of each model. It is written with their ends or once behind them, and kept when requests and sessions
 *  are forgotten. */
export interface UsageStore {
  /** The last days first, otherwise the dearest first. */
  listSpent(by: UsageGroup, filter: SpentFilter, limit: number): Promise<readonly SpentBy[]>;
  sumSpent(filter: SpentFilter): Promise<Spent>;
  /** Of the present session of a workspace. */
  sumSpentInSession(workspace: string): Promise<Spent>;
}
