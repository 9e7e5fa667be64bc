import { Client } from 'pg';
import type { Store } from '../../../src/core/ports/store.ts';
import { openPostgresStore } from '../../../src/store/postgres/open.ts';
import type { PostgresServer } from './server.ts';

/** Gives test after test the same database, emptied, and as long as none closes it, the same store: connections that are
 *  new cost more than most tests. */
export interface KeptDatabase {
  /** An empty one for each place that is new. */
  open(place: { readonly file: string; readonly now: () => number }): Promise<Store>;
  /** The test that used it has ended well. */
  done(store: Store): Promise<void>;
  close(): Promise<void>;
}

export async function keepDatabase(server: PostgresServer, name: string): Promise<KeptDatabase> {
  const url = await server.createDatabase(name);
  const admin = new Client(server.url(name));
  await admin.connect();
  const known = new Set<string>();
  let kept: Store | null = null;
  let now = Date.now;

  async function empty(): Promise<void> {
    // What a test that failed left behind would write on.
    if (kept === null) await admin.query(END_OTHERS);
    const { rows: tables } = await admin.query<{ name: string }>(TABLES);
    const { rows: sequences } = await admin.query<{ name: string }>('SELECT sequencename AS name FROM pg_sequences');
    if (tables.length === 0) return;
    const statements = [
      ...tables.map((table) => `DELETE FROM "${table.name}"`),
      ...sequences.map((sequence) => `SELECT setval('${sequence.name}', 1, false)`),
      'INSERT INTO quick_ids VALUES (0)',
    ];
    await admin.query(statements.join(';'));
  }

  return {
    async open(place) {
      now = place.now;
      if (!known.has(place.file)) {
        await empty();
        known.add(place.file);
        const store = kept;
        kept = null;
        if (store !== null) return store;
      }
      return openPostgresStore({ url, poolMax: 4, now: () => now() });
    },
    async done(store) {
      // One that its test has closed takes no more writes.
      kept = await store.probe().then(
        () => store,
        () => null,
      );
    },
    async close() {
      await kept?.close();
      await admin.end();
    },
  };
}

const END_OTHERS = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
  WHERE datname = current_database() AND pid <> pg_backend_pid()`;

/** Requests last: others refer to them. */
const TABLES = `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'
  AND tablename NOT IN ('gatehouse_version', 'writers') ORDER BY tablename = 'requests'`;
