import { randomBytes } from 'node:crypto';
import { Client } from 'pg';

/** A new database where `scripts/test-postgres.ts` has a server run; null elsewhere: there SQLite is tried. */
export async function createOwnDatabase(): Promise<string | null> {
  const server = process.env['TEST_POSTGRES'];
  if (server === undefined) return null;
  const name = `own_${randomBytes(8).toString('hex')}`;
  const client = new Client(server);
  await client.connect();
  await client.query(`CREATE DATABASE ${name}`);
  await client.end();
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}

export type Rows = readonly Readonly<Record<string, unknown>>[];

/** In a connection of its own, beside whatever gateway uses it. */
export async function readPostgres(url: string, sql: string): Promise<Rows> {
  const client = new Client({ connectionString: url, types: { getTypeParser } });
  await client.connect();
  try {
    return (await client.query<Readonly<Record<string, unknown>>>(sql)).rows;
  } finally {
    await client.end();
  }
}

const INT8 = 20;

function getTypeParser(oid: number): (text: string) => unknown {
  return oid === INT8 ? Number : (text) => text;
}
