import type { Client } from 'pg';
import { connect } from './connections/connect.ts';
import { mustBeSafe } from './connections/safety.ts';
import { lockDatabase } from './lock.ts';
import { migrateWithin } from './migrate.ts';
import type { DumpedTable } from '../sql/dump.ts';
import { toStorable } from './statements.ts';
import { toOpeningError } from './storage-error.ts';

/** How many rows of each table were taken over. */
export type Filled = Readonly<Record<string, number>>;

/** Takes over all of another database into an empty one, in one transaction: with another number of rows in any table than
 *  that one had, or any other failure, nothing is changed.
 *  @throws Error that says why */
export async function fillDatabase(url: string, tables: readonly DumpedTable[]): Promise<Filled> {
  try {
    const client = await connect(url, () => {});
    try {
      await mustBeSafe(client);
      await lockDatabase(client);
      return await fillIn(client, tables);
    } finally {
      await client.end();
    }
  } catch (error) {
    throw toOpeningError(error, url);
  }
}

async function fillIn(client: Client, tables: readonly DumpedTable[]): Promise<Filled> {
  await client.query('BEGIN');
  try {
    await migrateWithin(client);
    await mustBeEmpty(client);
    // They count what is counted already.
    await client.query('ALTER TABLE requests DISABLE TRIGGER USER');
    await client.query('DELETE FROM quick_ids');
    const filled: Record<string, number> = {};
    for (const table of tables) filled[table.name] = await fillTable(client, table);
    await client.query('ALTER TABLE requests ENABLE TRIGGER USER');
    await client.query('COMMIT');
    return filled;
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {});
    throw error;
  }
}

async function mustBeEmpty(client: Client): Promise<void> {
  const { rows } = await client.query<{ count: number }>(
    'SELECT (SELECT count(*) FROM requests) + (SELECT count(*) FROM sessions) + (SELECT count(*) FROM events) AS count',
  );
  if ((rows[0]?.count ?? 0) > 0) throw new Error('the database is in use already: choose an empty one');
}

async function fillTable(client: Client, { name, count, lastNumber, rows }: DumpedTable): Promise<number> {
  for (const batch of rows()) {
    const storable = batch.map((row) =>
      Object.fromEntries(Object.entries(row).map(([column, value]) => [column, toStorable(value)])),
    );
    await client.query(`INSERT INTO ${name} SELECT * FROM json_populate_recordset(NULL::${name}, $1)`, [
      JSON.stringify(storable),
    ]);
  }
  const found = await client.query<{ count: number }>(`SELECT count(*) FROM ${name}`);
  const filled = found.rows[0]?.count;
  if (filled !== count) throw new Error(`${name}: ${count} rows were read, and ${filled} are there`);
  if (lastNumber !== null && lastNumber > 0) {
    const column = name === 'sessions' ? 'id' : 'seq';
    await client.query(`SELECT setval(pg_get_serial_sequence('${name}', '${column}'), $1)`, [lastNumber]);
  }
  return count;
}
