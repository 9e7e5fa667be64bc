import type { DatabaseSync } from 'node:sqlite';
import { GatewayError } from '../../core/model/errors.ts';
import { MIGRATIONS } from './migrations.ts';

/** Brings the database to the newest version, all or nothing. Returns the version that it had.
 *  @throws GatewayError when a newer gateway wrote it: this one would not understand its rows. */
export function migrate(db: DatabaseSync, file: string): number {
  const found = readVersion(db);
  if (found > MIGRATIONS.length) {
    throw new GatewayError(
      'internal',
      `${file} was written by a newer gateway (version ${found}, this one knows ${MIGRATIONS.length}): ` +
        'start that gateway, or restore a backup from before the upgrade',
    );
  }
  mustBeOurs(db, file, found);
  if (found === MIGRATIONS.length) return found;
  db.exec('BEGIN IMMEDIATE');
  try {
    for (const sql of MIGRATIONS.slice(readVersion(db))) db.exec(sql);
    db.exec(`PRAGMA user_version = ${MIGRATIONS.length}`);
    db.exec('COMMIT');
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
  return found;
}

/** Of version 0 is only what is empty, and every later one has requests.
 *  @throws GatewayError */
function mustBeOurs(db: DatabaseSync, file: string, version: number): void {
  const names = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
  const isOurs = version === 0 ? names.length === 0 : names.some(({ name }) => name === 'requests');
  if (isOurs) return;
  throw new GatewayError(
    'internal',
    `${file} is no database of a gateway (version ${version}, ${names.length} tables): restore a backup, or move it away with its -wal and -shm to begin anew`,
  );
}

function readVersion(db: DatabaseSync): number {
  return Number(db.prepare('PRAGMA user_version').get()?.['user_version']);
}
