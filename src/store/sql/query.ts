import {
  type Compilable,
  type CompiledQuery,
  createQueryId,
  DummyDriver,
  Kysely,
  type LimitNode,
  type OffsetNode,
  type OperationNode,
  type OperationNodeSource,
  PostgresQueryCompiler,
  type RawBuilder,
  RawNode,
  type RootOperationNode,
  sql,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  ValueNode,
} from 'kysely';
import type { Tables } from './tables.ts';
import { type Dialect, WORDS, type Words } from './words.ts';

/** Only builds; what comes out is compiled by `query`, and run by each database. */
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

/** Compiled once for each database that asks, with holes for its arguments: compiling at each call costs more than
 *  running. */
export interface Query<Args extends SqlArgs, Row> {
  readonly sqlite: Compiled<Args>;
  readonly postgres: Compiled<Args>;
  /** Never set: it carries the type of the rows. */
  readonly row?: Row;
}

export interface Compiled<Args extends SqlArgs> {
  readonly sql: string;
  bind(args: Args): SqlValue[];
}

export type ArgOf<Args> = <Name extends keyof Args & string>(name: Name) => RawBuilder<Args[Name]>;

type Make<Args, Row> = (arg: ArgOf<Args>, words: Words) => Compilable<Row> & OperationNodeSource;

class Hole {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

/** SQLite plans a statement anew whenever the argument is bound that is its LIMIT or OFFSET, which takes ten times what
 *  running it does; a sum it leaves alone. */
class SqliteCompiler extends SqliteQueryCompiler {
  protected override visitLimit(node: LimitNode): void {
    this.#append('limit', node.limit);
  }

  protected override visitOffset(node: OffsetNode): void {
    this.#append('offset', node.offset);
  }

  #append(word: string, node: OperationNode): void {
    this.append(`${word} `);
    this.visitNode(node);
    if (isBound(node)) this.append(' + 0');
  }
}

function isBound(node: OperationNode): boolean {
  if (RawNode.is(node)) return node.parameters.some(isBound);
  return ValueNode.is(node) && node.immediate !== true;
}

const COMPILERS = { sqlite: SqliteCompiler, postgres: PostgresQueryCompiler };

/** `query<{ id: string }>()((arg) => build.selectFrom(…).where('id', '=', arg('id')))` */
export function query<Args extends SqlArgs>(): <Row>(make: Make<Args, Row>) => Query<Args, Row> {
  return (make) => {
    const compiled: Partial<Record<Dialect, Compiled<Args>>> = {};
    return {
      get sqlite() {
        return (compiled.sqlite ??= compile(make, 'sqlite'));
      },
      get postgres() {
        return (compiled.postgres ??= compile(make, 'postgres'));
      },
    };
  };
}

function compile<Args extends SqlArgs, Row>(make: Make<Args, Row>, dialect: Dialect): Compiled<Args> {
  const node = make((name) => sql`${new Hole(name)}`, WORDS[dialect]).toOperationNode() as RootOperationNode;
  const { sql: text, parameters }: CompiledQuery = new COMPILERS[dialect]().compileQuery(node, createQueryId());
  return {
    sql: text,
    bind: (args) =>
      parameters.map((value) => (value instanceof Hole ? (args[value.name] ?? null) : (value as SqlValue))),
  };
}
