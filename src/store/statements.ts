import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import {
  DummyDriver,
  Kysely,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type Compilable,
  type CompiledQuery,
} from 'kysely';
import type { Tables } from './tables.ts';

/** Queries are built with Kysely, in SQL that Postgres also has, and run here as prepared statements. */
export const sql = new Kysely<Tables>({
  dialect: {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  },
});

export interface Statements {
  /** How many rows changed. */
  change(query: Compilable): number;
  first<Row>(query: Compilable<Row>): Row | null;
  all<Row>(query: Compilable<Row>): readonly Row[];
}

export function createStatements(db: DatabaseSync): Statements {
  const prepared = new Map<string, StatementSync>();

  function prepare({ sql: text }: CompiledQuery): StatementSync {
    const known = prepared.get(text) ?? db.prepare(text);
    prepared.set(text, known);
    return known;
  }

  const values = (query: CompiledQuery): SQLInputValue[] => [...query.parameters] as SQLInputValue[];

  return {
    change(query) {
      const compiled = query.compile();
      return Number(prepare(compiled).run(...values(compiled)).changes);
    },
    first<Row>(query: Compilable<Row>) {
      const compiled = query.compile();
      return (prepare(compiled).get(...values(compiled)) as Row | undefined) ?? null;
    },
    all<Row>(query: Compilable<Row>) {
      const compiled = query.compile();
      return prepare(compiled).all(...values(compiled)) as Row[];
    },
  };
}
