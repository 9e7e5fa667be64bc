import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Ask, Note, QueryAsk, Step } from '../sql/step.ts';

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
      case 'send':
        return statement.run(...values);
      case 'run':
        return Number(statement.run(...values).changes);
    }
  };
  const give = (ask: Ask, note: Note): unknown => {
    if (ask.how === 'note') return note(ask.line);
    return ask.how === 'together' ? ask.asks.map((one) => give(one, note)) : answer(ask);
  };
  return {
    carryOut(step, note) {
      let next = step.next();
      while (next.done !== true) next = step.next(give(next.value, note));
      return next.value;
    },
  };
}
