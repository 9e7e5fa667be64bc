import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Note, QueryAsk, Step } from '../sql/step.ts';

/** Runs steps on prepared statements; each is prepared once. */
export interface Statements {
  /** To its end, in this tick. `note` gets the lines that it wants written. */
  carryOut<T>(step: Step<T>, note: Note): T;
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
  const answer = ({ how, query: { sqlite }, args }: QueryAsk): unknown => {
    const statement = prepare(sqlite.sql);
    const values = sqlite.bind(args);
    switch (how) {
      case 'all':
        return statement.all(...values);
      case 'get':
        return statement.get(...values);
      case 'run':
        return Number(statement.run(...values).changes);
    }
  };
  return {
    carryOut(step, note) {
      let next = step.next();
      while (next.done !== true) {
        const ask = next.value;
        next = step.next(ask.how === 'note' ? note(ask.line) : answer(ask));
      }
      return next.value;
    },
  };
}
