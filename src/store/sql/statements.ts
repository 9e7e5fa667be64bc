import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Query, SqlArgs } from './query.ts';

/** Runs queries on prepared statements; each is prepared once. */
export interface Statements {
  all<Args extends SqlArgs, Row>(query: Query<Args, Row>, args: Args): readonly Row[];
  get<Args extends SqlArgs, Row>(query: Query<Args, Row>, args: Args): Row | undefined;
  /** Returns the number of rows that changed. */
  run<Args extends SqlArgs, Row>(query: Query<Args, Row>, args: Args): number;
}

export function createStatements(db: DatabaseSync): Statements {
  const prepared = new Map<string, StatementSync>();
  const prepare = (sql: string): StatementSync => {
    const known = prepared.get(sql);
    if (known !== undefined) return known;
    const statement = db.prepare(sql);
    prepared.set(sql, statement);
    return statement;
  };
  // The border of types: the tables are STRICT, so rows are what `tables.ts` says.
  return {
    all: <Args extends SqlArgs, Row>(query: Query<Args, Row>, args: Args) =>
      prepare(query.sql).all(...query.bind(args)) as unknown as readonly Row[],
    get: <Args extends SqlArgs, Row>(query: Query<Args, Row>, args: Args) =>
      prepare(query.sql).get(...query.bind(args)) as unknown as Row | undefined,
    run: (query, args) => Number(prepare(query.sql).run(...query.bind(args)).changes),
  };
}

/** The row of an `INSERT … RETURNING` or of a count, which there always is. */
export function returned<Row>(row: Row | undefined): Row {
  if (row === undefined) throw new Error('SQLite returned no row where there is always one');
  return row;
}
