import type { Client } from 'pg';
import type { Log } from '../../core/ports/log.ts';
import type { Store } from '../../core/ports/store.ts';
import { lastSeq } from '../events/event-queries.ts';
import type { Database } from '../sql/database.ts';
import { get } from '../sql/step.ts';
import { createStore } from '../store.ts';
import { createGroupCommit } from './group-commit.ts';
import { openLink } from './connections/link.ts';
import { lockDatabase } from './lock.ts';
import { lookNowAndThen } from './look.ts';
import { migrate } from './migrate.ts';
import { openReaders } from './connections/readers.ts';
import { mustBeSafe, setLimits } from './connections/safety.ts';
import { databaseSize, usedBytes } from './size.ts';
import { toOpeningError } from './storage-error.ts';
import { CHANNEL } from './transaction.ts';

export interface PostgresStoreOptions {
  /** `postgres://…` */
  readonly url: string;
  /** Connections at most: one writes, the others read. */
  readonly poolMax: number;
  readonly log?: Log;
  /** Epoch milliseconds, for the positions of requests that have waited long. */
  readonly now?: () => number;
  /** Called after each transaction with its duration. */
  readonly onCommit?: (ms: number) => void;
  /** How long another gateway may take to let go of the database. */
  readonly lockPatienceMs?: number;
  /** Asked before an empty database is begun; rejects when it may not be. */
  readonly mayBegin?: () => Promise<void>;
}

/** The store of the one gateway that uses this database.
 *  @throws GatewayError when another one does, or when a newer one wrote it; Error that says why it cannot be reached */
export async function openPostgresStore(options: PostgresStoreOptions): Promise<Store> {
  const { url, log, now = Date.now, mayBegin = async () => {} } = options;
  let isFirst = true;
  const prepare = async (client: Client): Promise<void> => {
    await mustBeSafe(client);
    await setLimits(client);
    await lockDatabase(client, options.lockPatienceMs);
    if (!isFirst) return;
    const found = await migrate(client, mayBegin);
    // Of those who wrote before, none is left.
    await client.query('DELETE FROM writers');
    log?.info({ migratedFrom: found }, 'store.opened');
    isFirst = false;
  };
  try {
    return createStore(await openDatabase({ ...options, prepare }), now);
  } catch (error) {
    throw toOpeningError(error, url);
  }
}

interface DatabaseOptions extends PostgresStoreOptions {
  /** What the connection that writes does first, whenever it is opened. */
  readonly prepare: (client: Client) => Promise<void>;
}

/** Everything is written on one connection, a group at a time, and read on others. */
export async function openDatabase({ url, poolMax, prepare, log, onCommit }: DatabaseOptions): Promise<Database> {
  const listeners = new Set<() => void>();
  const tell = (): void => {
    for (const listener of listeners) listener();
  };
  const listen = async (client: Client): Promise<void> => {
    await prepare(client);
    // What it writes itself is told without it.
    client.on('notification', ({ processId }) => {
      if (processId !== processIdOf(client)) tell();
    });
    await client.query(`LISTEN ${CHANNEL}`);
  };
  const link = await openLink({ url, prepare: listen, back: tell, log });
  const readers = openReaders(url, Math.max(1, poolMax - 1));
  const group = createGroupCommit(link, (ms) => {
    onCommit?.(ms);
    tell();
  });
  const stopLooking = lookNowAndThen(async () => (await readers.look(() => get(lastSeq, {})))?.seq ?? 0, tell);
  return {
    write: group.write,
    read: readers.read,
    look: readers.look,
    onAppended(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    usedBytes: async () => Math.round((await readers.look(() => get(usedBytes, {})))?.bytes ?? 0),
    readSizes: async () => ({ database: (await readers.look(() => get(databaseSize, {})))?.bytes ?? 0 }),
    async close() {
      link.settle();
      await group.close();
      stopLooking();
      await readers.close();
      await link.close();
    },
  };
}

/** The types of the driver leave it out. */
function processIdOf(client: Client): number | null {
  return (client as unknown as { readonly processID: number | null }).processID;
}
