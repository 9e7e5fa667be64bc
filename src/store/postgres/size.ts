import { type RawBuilder, sql } from 'kysely';
import { build, query } from '../sql/query.ts';

/** In bytes; its journal is one of all databases of the server. */
export const databaseSize = query<Record<never, never>>()(() =>
  build.selectNoFrom(sql<number>`pg_database_size(current_database())`.as('bytes')),
);

/** What grows, with what is long in it; the rest of a row is about as long as this. */
const GROWING = {
  events: { long: ['data'], restBytes: 120 },
  requests: { long: ['identity', 'prompt', 'altered', 'arrived', 'text', 'usage', 'hook_metadata'], restBytes: 250 },
  deliveries: { long: ['event_data', 'messages', 'last_error'], restBytes: 250 },
} as const;

/** Bytes of its main file that are looked at: all of a small table. */
const SAMPLE_BYTES = 16 * 2 ** 20;

/** Room that rows left behind is used again, and stays with the file: so a table counts by the share of it that rows
 *  take, as a sample of its pages has it. */
function usedOf(table: keyof typeof GROWING): RawBuilder<number> {
  const { long, restBytes } = GROWING[table];
  const name = sql.lit(table);
  const bytes = sql.join(
    long.map((column) => sql`coalesce(pg_column_size(${sql.ref(column)}), 0)`),
    sql` + `,
  );
  const percent = sql`least(100, 100.0 * ${sql.lit(SAMPLE_BYTES)} / greatest(1, pg_relation_size(${name})))`;
  return sql<number>`(select pg_total_relation_size(${name}) * least(1, coalesce(sum(${bytes} + ${sql.lit(restBytes)}), 0)
    * 100 / ${percent} / greatest(1, pg_table_size(${name}))) from ${sql.table(table)} tablesample system (${percent}))`;
}

export const usedBytes = query<Record<never, never>>()(() => {
  const [events, requests, deliveries] = [usedOf('events'), usedOf('requests'), usedOf('deliveries')];
  return build.selectNoFrom(sql<number>`${events} + ${requests} + ${deliveries}`.as('bytes'));
});
