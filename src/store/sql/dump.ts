import type { SqlValue } from './query.ts';

/** The tables of a database, in an order in which what others refer to comes first. */
export const TABLE_NAMES = [
  ...['sessions', 'requests', 'queue_lengths', 'events', 'idempotency', 'owed_answers', 'approvals', 'deliveries'],
  ...['failing_lanes', 'webhooks', 'hooks', 'threads', 'quick_sessions', 'quick_ids', 'spending', 'keys', 'probes'],
] as const;

export type TableName = (typeof TABLE_NAMES)[number];

/** A table as one database gives it to another. */
export interface DumpedTable {
  readonly name: TableName;
  readonly count: number;
  /** The last number that was given in it, also to a row that is gone; null: it gives none. */
  readonly lastNumber: number | null;
  /** All of them, some at a time. */
  rows(): Iterable<readonly Readonly<Record<string, SqlValue>>[]>;
}
