import type { NewAuditLine } from '../../core/model/audit/audit.ts';
import type { Query, SqlArgs } from './query.ts';

/** What a step wants: a query run, and what it wants of it; several of them at once; or a line of the audit log, which is
 *  written with all others of its transaction at the end of it (`audit/seal.ts`). */
export type Ask =
  | QueryAsk
  | { readonly how: 'together'; readonly asks: readonly Ask[] }
  | { readonly how: 'note'; readonly line: NewAuditLine };

export interface QueryAsk {
  readonly how: 'all' | 'get' | 'run' | 'send';
  readonly query: Query<SqlArgs, unknown>;
  readonly args: SqlArgs;
}

/** What a step of the store does, once for every database: it asks, and goes on with the answer. One that embeds its
 *  database runs it to its end in one tick; another awaits each answer. Nothing happens until it is run: call it with
 *  `yield*`, which `tests/architecture/steps.test.ts` watches. */
export type Step<T> = Generator<Ask, T, unknown>;

// The border of types: rows are what `tables.ts` says.

export function* all<Args extends SqlArgs, Row>(query: Query<Args, Row>, args: Args): Step<readonly Row[]> {
  return (yield { how: 'all', query, args }) as readonly Row[];
}

export function* get<Args extends SqlArgs, Row>(query: Query<Args, Row>, args: Args): Step<Row | undefined> {
  return (yield { how: 'get', query, args }) as Row | undefined;
}

/** Returns the number of rows that changed. */
export function* run<Args extends SqlArgs, Row>(query: Query<Args, Row>, args: Args): Step<number> {
  return (yield { how: 'run', query, args }) as number;
}

/** A write of which nobody needs the answer: a database at a distance is not waited for. What it refuses fails the step,
 *  at its end at the latest. */
export function* send<Args extends SqlArgs, Row>(query: Query<Args, Row>, args: Args): Step<void> {
  yield { how: 'send', query, args };
}

/** Two that only read, side by side: what they ask at the same time goes to the database in one flight. */
export function* both<One, Other>(one: Step<One>, other: Step<Other>): Step<readonly [One, Other]> {
  let mine = one.next();
  let theirs = other.next();
  while (mine.done !== true || theirs.done !== true) {
    if (mine.done === true) theirs = other.next(yield theirs.value as Ask);
    else if (theirs.done === true) mine = one.next(yield mine.value);
    else {
      const answers = (yield { how: 'together', asks: [mine.value, theirs.value] }) as readonly unknown[];
      mine = one.next(answers[0]);
      theirs = other.next(answers[1]);
    }
  }
  return [mine.value, theirs.value];
}

/** Inside a step that writes. */
export function* note(line: NewAuditLine): Step<void> {
  yield { how: 'note', line };
}

/** Takes a line of the audit log that a step wants written. */
export type Note = (line: NewAuditLine) => void;

/** Of steps that only read. */
export function refuseNote(): never {
  throw new Error('a step that only reads wanted a line of the audit log written');
}

/** The row of an `INSERT … RETURNING` or of a count, which there always is. */
export function returned<Row>(row: Row | undefined): Row {
  if (row === undefined) throw new Error('the database returned no row where there is always one');
  return row;
}
