import { DatabaseSync } from 'node:sqlite';
import { type DumpedTable, TABLE_NAMES, type TableName } from '../sql/dump.ts';
import type { SqlValue } from '../sql/query.ts';
import { MIGRATIONS } from './migrations.ts';

/** The tables of a file that no gateway uses meanwhile. */
export interface SqliteDump extends Disposable {
  readonly tables: readonly DumpedTable[];
}

const AT_ONCE = 500;

/** @throws Error when its version is another one than this gateway's */
export function openDump(file: string): SqliteDump {
  const db = new DatabaseSync(file);
  try {
    const version = Number(db.prepare('PRAGMA user_version').get()?.['user_version']);
    if (version !== MIGRATIONS.length)
      throw new Error(
        `${file} has version ${version}, this gateway knows ${MIGRATIONS.length}: start it on that file once, or take ` +
          'the gateway that wrote it',
      );
    // What is in the journal belongs to the file, which may be moved afterwards.
    db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    return { tables: TABLE_NAMES.map((name) => dump(db, name)), [Symbol.dispose]: () => db.close() };
  } catch (error) {
    db.close();
    throw error;
  }
}

function dump(db: DatabaseSync, name: TableName): DumpedTable {
  const last = db.prepare('SELECT seq FROM sqlite_sequence WHERE name = ?').get(name);
  return {
    name,
    count: Number(db.prepare(`SELECT count(*) AS count FROM ${name}`).get()?.['count']),
    lastNumber: last === undefined ? null : Number(last['seq']),
    *rows() {
      let batch: Readonly<Record<string, SqlValue>>[] = [];
      for (const row of db.prepare(`SELECT * FROM ${name}`).iterate()) {
        batch.push(row as Readonly<Record<string, SqlValue>>);
        if (batch.length < AT_ONCE) continue;
        yield batch;
        batch = [];
      }
      if (batch.length > 0) yield batch;
    },
  };
}
