import type { Client } from 'pg';
import type { NewAuditLine } from '../../core/model/audit/audit.ts';
import { sealAudit } from '../audit/seal.ts';
import { type Note, refuseNote } from '../sql/step.ts';
import { BEGIN_ALONE } from './lock.ts';
import { carryOut, type Sent } from './statements.ts';
import { isLost } from './storage-error.ts';

/** A write that waits for its transaction. */
export interface Entry {
  /** Does the work; returns what to tell its caller once it is durable. */
  run(client: Client, note: Note, sent?: Sent): Promise<() => void>;
  reject(cause: unknown): void;
}

/** How a transaction of several writes went. */
export type Outcome =
  | { readonly kind: 'committed'; readonly tell: readonly (() => void)[] }
  /** Nothing of it is stored. */
  | { readonly kind: 'refused'; readonly cause: unknown }
  /** Nothing either, and one of its writes is to blame. */
  | { readonly kind: 'spoiled' }
  /** The connection was lost while it was being committed. */
  | { readonly kind: 'in_doubt'; readonly tell: readonly (() => void)[]; readonly cause: unknown };

/** What tells others that there may be new events. */
export const CHANNEL = 'gatehouse';

/** Which process writes, and the number of its transaction. */
export interface Mark {
  readonly writer: string;
  readonly number: number;
}

/** `one by one`: a write that throws is undone alone. That takes two more queries each, so it is done only for a group
 *  that was spoiled. */
export type Way = 'together' | 'one by one';

export async function carryOutTogether(
  client: Client,
  group: readonly Entry[],
  mark: Mark,
  way: Way,
): Promise<Outcome> {
  const tell: (() => void)[] = [];
  const lines: NewAuditLine[] = [];
  // Of the whole group: what one write sends is on its way while the next one asks.
  const sent: Sent = [];
  try {
    await client.query(BEGIN_ALONE);
  } catch (cause) {
    return { kind: 'refused', cause };
  }
  for (const entry of group) {
    try {
      tell.push(
        await (way === 'together'
          ? entry.run(client, (line) => lines.push(line), sent)
          : runAlone(client, entry, lines)),
      );
    } catch (cause) {
      if (isLost(cause)) return { kind: 'refused', cause };
      await rollBack(client);
      return way === 'together' ? { kind: 'spoiled' } : { kind: 'refused', cause };
    }
  }
  try {
    if (lines.length > 0) await carryOut(client, sealAudit(lines), refuseNote, sent);
    await Promise.all(sent);
  } catch (cause) {
    if (isLost(cause)) return { kind: 'refused', cause };
    await rollBack(client);
    return way === 'together' ? { kind: 'spoiled' } : { kind: 'refused', cause };
  }
  return commit(client, tell, mark);
}

/** What is undone has noted nothing. */
async function runAlone(client: Client, entry: Entry, lines: NewAuditLine[]): Promise<() => void> {
  await client.query('SAVEPOINT one_write');
  const noted: NewAuditLine[] = [];
  try {
    const tell = await entry.run(client, (line) => noted.push(line));
    await client.query('RELEASE one_write');
    lines.push(...noted);
    return tell;
  } catch (error) {
    if (isLost(error)) throw error;
    await client.query('ROLLBACK TO one_write');
    return () => entry.reject(error);
  }
}

/** In one flight. */
async function commit(client: Client, tell: readonly (() => void)[], { writer, number }: Mark): Promise<Outcome> {
  try {
    const marked = client.query({ name: 'gatehouse_mark', text: MARK, values: [writer, number] });
    const told = client.query(`NOTIFY ${CHANNEL}`);
    const [, , { command }] = await Promise.all([marked, told, client.query('COMMIT')]);
    // What failed before is rolled back by a COMMIT.
    if (command === 'COMMIT') return { kind: 'committed', tell };
    return { kind: 'refused', cause: new Error('the transaction was rolled back') };
  } catch (cause) {
    if (isLost(cause)) return { kind: 'in_doubt', tell, cause };
    await rollBack(client);
    return { kind: 'refused', cause };
  }
}

const MARK = `INSERT INTO writers VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET committed = excluded.committed`;

/** Asked alone, so that a server that is still at it has come to its end. */
export async function wasCommitted(client: Client, { writer, number }: Mark): Promise<boolean> {
  await client.query(BEGIN_ALONE);
  const { rows } = await client.query<{ committed: number }>('SELECT committed FROM writers WHERE id = $1', [writer]);
  await client.query('COMMIT');
  return rows[0]?.committed === number;
}

async function rollBack(client: Client): Promise<void> {
  try {
    await client.query('ROLLBACK');
  } catch {
    // The connection is beyond help: the next group finds that out, and tells its callers.
  }
}
