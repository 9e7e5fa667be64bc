import type { ClientBase } from 'pg';
import { GatewayError } from '../../core/model/errors.ts';
import { MIGRATIONS } from './migrations.ts';

/** Brings the database to the newest version, all or nothing. Returns the version that it had. Only whoever holds the
 *  lock of the database may. `mayBegin` is asked before an empty one is begun.
 *  @throws GatewayError when a newer gateway wrote it: this one would not understand its rows. */
export async function migrate(client: ClientBase, mayBegin: () => Promise<void>): Promise<number> {
  const found = await readVersion(client);
  if (found === MIGRATIONS.length) return found;
  if (found === 0) await mayBegin();
  await client.query('BEGIN');
  try {
    await raise(client, found);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
  return found;
}

/** The same inside of a transaction of the caller's. */
export async function migrateWithin(client: ClientBase): Promise<void> {
  await raise(client, await readVersion(client));
}

async function raise(client: ClientBase, found: number): Promise<void> {
  await client.query('CREATE TABLE IF NOT EXISTS gatehouse_version (version integer NOT NULL)');
  for (const sql of MIGRATIONS.slice(found)) await client.query(sql);
  await client.query('DELETE FROM gatehouse_version');
  await client.query(`INSERT INTO gatehouse_version VALUES (${MIGRATIONS.length})`);
}

/** 0 for what is empty.
 *  @throws GatewayError when it is no database of a gateway, or of a newer one */
export async function readVersion(client: ClientBase): Promise<number> {
  const { rows: tables } = await client.query<{ tablename: string }>(
    'SELECT tablename FROM pg_tables WHERE schemaname = current_schema()',
  );
  if (tables.length === 0) return 0;
  if (!tables.some(({ tablename }) => tablename === 'gatehouse_version')) {
    throw new GatewayError(
      'internal',
      `the database of DATABASE_URL is no database of a gateway (${tables.length} tables of others are in its schema): ` +
        'choose an empty one',
    );
  }
  const { rows } = await client.query<{ version: number }>('SELECT version FROM gatehouse_version');
  const version = rows[0]?.version ?? 0;
  if (version <= MIGRATIONS.length) return version;
  throw new GatewayError(
    'internal',
    `the database of DATABASE_URL was written by a newer gateway (version ${version}, this one knows ` +
      `${MIGRATIONS.length}): start that gateway, or restore a backup from before the upgrade`,
  );
}
