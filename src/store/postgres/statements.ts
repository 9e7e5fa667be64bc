import type { ClientBase } from 'pg';
import type { SqlValue } from '../sql/query.ts';
import { type Ask, type Note, type QueryAsk, refuseNote, type Step } from '../sql/step.ts';

/** What was sent and not waited for; it is answered in order. */
export type Sent = Promise<unknown>[];

/** Runs a step on a connection, on statements that the server prepares once for each. `note` gets the lines of the audit
 *  log that it wants written. What it sends is waited for at its end, or by whoever hands in where it is kept. */
export async function carryOut<T>(client: ClientBase, step: Step<T>, note: Note = refuseNote, sent?: Sent): Promise<T> {
  const own: Sent = [];
  const give = (ask: Ask): unknown => {
    if (ask.how === 'note') return note(ask.line);
    if (ask.how === 'together') return Promise.all(ask.asks.map(give));
    const answered = answer(client, ask);
    if (ask.how !== 'send') return answered;
    answered.catch(() => {});
    (sent ?? own).push(answered);
    return undefined;
  };
  try {
    let next = step.next();
    while (next.done !== true) next = step.next(await give(next.value));
    await Promise.all(own);
    return next.value;
  } catch (error) {
    // What failed first says why; all behind it is told only that something has.
    await Promise.all(own);
    throw error;
  }
}

async function answer(client: ClientBase, { how, query: { postgres }, args }: QueryAsk): Promise<unknown> {
  const values = postgres.bind(args).map(toStorable);
  const { rows, rowCount } = await client.query({ name: nameOf(postgres.sql), text: postgres.sql, values });
  switch (how) {
    case 'all':
      return rows;
    case 'get':
      return rows[0];
    case 'send':
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
