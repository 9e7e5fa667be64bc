import type { ClientBase } from 'pg';
import type { SqlValue } from '../sql/query.ts';
import { type Note, type QueryAsk, refuseNote, type Step } from '../sql/step.ts';

/** Runs a step on a connection, on statements that the server prepares once for each. `note` gets the lines of the audit
 *  log that it wants written. */
export async function carryOut<T>(client: ClientBase, step: Step<T>, note: Note = refuseNote): Promise<T> {
  let next = step.next();
  while (next.done !== true) {
    const ask = next.value;
    next = step.next(ask.how === 'note' ? note(ask.line) : await answer(client, ask));
  }
  return next.value;
}

async function answer(client: ClientBase, { how, query: { postgres }, args }: QueryAsk): Promise<unknown> {
  const values = postgres.bind(args).map(toStorable);
  const { rows, rowCount } = await client.query({ name: nameOf(postgres.sql), text: postgres.sql, values });
  switch (how) {
    case 'all':
      return rows;
    case 'get':
      return rows[0];
    case 'run':
      return rowCount ?? 0;
  }
}

/** Postgres has no character U+0000 in its text. What an agent says may hold one, and must not keep its turn from
 *  ending. */
export function toStorable(value: SqlValue): SqlValue {
  return typeof value === 'string' && value.includes('\0') ? value.replaceAll('\0', '\u{FFFD}') : value;
}

const names = new Map<string, string>();

function nameOf(text: string): string {
  const known = names.get(text);
  if (known !== undefined) return known;
  const name = `gatehouse_${names.size + 1}`;
  names.set(text, name);
  return name;
}
