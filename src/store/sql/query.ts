import {
  type Compilable,
  DummyDriver,
  Kysely,
  type RawBuilder,
  sql,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import type { Tables } from './tables.ts';

/** Only builds and compiles; `statements.ts` runs what comes out. */
export const build = new Kysely<Tables>({
  dialect: {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  },
});

export type SqlValue = string | number | null;
export type SqlArgs = Readonly<Record<string, SqlValue>>;

/** Compiled once, with holes for its arguments: compiling at each call costs more than running. */
export interface Query<Args extends SqlArgs, Row> {
  readonly sql: string;
  bind(args: Args): SqlValue[];
  /** Never set: it carries the type of the rows. */
  readonly row?: Row;
}

export type ArgOf<Args> = <Name extends keyof Args & string>(name: Name) => RawBuilder<Args[Name]>;

class Hole {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

/** `query<{ id: string }>()((arg) => build.selectFrom(…).where('id', '=', arg('id')))` */
export function query<Args extends SqlArgs>(): <Row>(make: (arg: ArgOf<Args>) => Compilable<Row>) => Query<Args, Row> {
  return (make) => {
    const compiled = make((name) => sql`${new Hole(name)}`).compile();
    return {
      sql: compiled.sql,
      bind: (args) =>
        compiled.parameters.map((value) => (value instanceof Hole ? (args[value.name] ?? null) : (value as SqlValue))),
    };
  };
}
