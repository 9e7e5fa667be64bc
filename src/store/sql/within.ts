import { type RawBuilder, sql } from 'kysely';
import type { Reach } from '../../core/model/keys/key.ts';

/** Whether the workspace of a row is one of these. Compiled for each list: few callers see only a part. A comparison of
 *  beginnings is exact in every database; LIKE is not, and an order depends on the language. */
export function within(reach: Reach): RawBuilder<boolean> {
  const names = (reach ?? []).filter((name) => !name.endsWith('*'));
  const prefixes = (reach ?? []).filter((name) => name.endsWith('*')).map((name) => name.slice(0, -1));
  const conditions = [
    ...(names.length === 0 ? [] : [sql`workspace in (${sql.join(names)})`]),
    ...prefixes.map((prefix) => sql`substr(workspace, 1, ${sql.lit(prefix.length)}) = ${prefix}`),
  ];
  if (reach === null) return sql<boolean>`true`;
  return conditions.length === 0 ? sql<boolean>`false` : sql<boolean>`(${sql.join(conditions, sql` or `)})`;
}
