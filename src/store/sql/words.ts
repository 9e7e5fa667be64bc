import { type RawBuilder, sql } from 'kysely';

export type Dialect = 'sqlite' | 'postgres';

/** What the databases say in words of their own. */
export interface Words {
  /** A column that only sifts what another one found. SQLite's planner would take its index. */
  sifting(column: string): RawBuilder<unknown>;
  /** A field of a column that holds JSON as text. */
  field(column: string, name: string): RawBuilder<unknown>;
}

export const WORDS: Readonly<Record<Dialect, Words>> = {
  sqlite: {
    sifting: (column) => sql`+${sql.ref(column)}`,
    field: (column, name) => sql`${sql.ref(column)} ->> ${sql.lit(`$.${name}`)}`,
  },
  postgres: {
    sifting: (column) => sql.ref(column),
    field: (column, name) => sql`${sql.ref(column)}::json ->> ${sql.lit(name)}`,
  },
};
