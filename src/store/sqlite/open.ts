import { closeSync, openSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import type { Log } from '../../core/ports/log.ts';
import type { Store } from '../../core/ports/store.ts';
import { hasCode } from '../../lib/error-code.ts';
import { sealAudit } from '../audit/seal.ts';
import type { Database } from '../sql/database.ts';
import { refuseNote, type Step } from '../sql/step.ts';
import { createStore } from '../store.ts';
import { createGroupCommit } from './group-commit.ts';
import { migrate } from './migrate.ts';
import { createStatements } from './statements.ts';
import { shareReads } from './shared-reads.ts';
import { toOpeningError, toStorageError } from './storage-error.ts';

export interface SqliteStoreOptions {
  /** Made, for its owner alone, when it is missing; its folder must be there. */
  readonly file: string;
  readonly log?: Log;
  /** Epoch milliseconds, for the positions of requests that have waited long. */
  readonly now?: () => number;
  /** Told of each transaction that is on disk, how long it took in milliseconds. */
  readonly onCommit?: (ms: number) => void;
}

/** @throws GatewayError when a newer gateway wrote the file. */
export async function openSqliteStore({ file, log, now = Date.now, onCommit }: SqliteStoreOptions): Promise<Store> {
  return createStore(createDatabase(openDatabase(file, log), file, onCommit), now);
}

const USED_BYTES =
  'SELECT (page_count - freelist_count) * page_size AS bytes FROM pragma_page_count, pragma_freelist_count, pragma_page_size';

/** Reads and groups of writes are synchronous on one connection, so a read never sees half a transaction. */
function createDatabase(connection: DatabaseSync, file: string, onCommit: (ms: number) => void = () => {}): Database {
  const { carryOut } = createStatements(connection);
  const size = connection.prepare(USED_BYTES);
  const listeners = new Set<() => void>();
  const reads = shareReads(connection);
  const group = createGroupCommit(connection, {
    begins: reads.end,
    committed(ms) {
      onCommit(ms);
      for (const listener of listeners) listener();
    },
    seal: (lines) => carryOut(sealAudit(lines), refuseNote),
  });
  async function read<T>(step: () => Step<T>): Promise<T> {
    return look(() => {
      reads.begin();
      return carryOut(step(), refuseNote);
    });
  }
  return {
    write: (step) => group.write((note) => carryOut(step(), note)),
    read,
    look: read,
    onAppended(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    readSizes: async () => ({ database: await sizeOf(file), journal: await sizeOf(`${file}-wal`) }),
    async usedBytes() {
      return Number(size.get()?.['bytes']);
    },
    async close() {
      await group.close();
      reads.end();
      if (connection.isOpen) connection.close();
    },
  };
}

/** @throws GatewayError when the disk, or what lies on it, does not let it. */
function look<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw toStorageError(error);
  }
}

function sizeOf(file: string): Promise<number> {
  return stat(file).then(
    ({ size }) => size,
    () => 0,
  );
}

/** @throws Error that names the file and the way out. */
function openDatabase(file: string, log: Log | undefined): DatabaseSync {
  try {
    createPrivately(file);
    return openKnown(file, log);
  } catch (error) {
    throw toOpeningError(error, file);
  }
}

function openKnown(file: string, log: Log | undefined): DatabaseSync {
  const db = new DatabaseSync(file, { timeout: 5_000, enableForeignKeyConstraints: true });
  try {
    const found = migrate(db, file);
    // NORMAL would lose acknowledged rows when the power fails.
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
    // What undoes a write within its group would go to the folder for temporary files, which may be full.
    db.exec('PRAGMA temp_store = MEMORY');
    log?.info({ file, migratedFrom: found }, 'store.opened');
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** SQLite gives its -wal and -shm files the mode of the database. An existing file is not opened here: closing a
 *  descriptor of it would drop the locks that this process holds on it. */
function createPrivately(file: string): void {
  try {
    closeSync(openSync(file, 'wx', 0o600));
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  }
}
