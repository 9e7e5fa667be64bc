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

function readVersion(db: DatabaseSync): number {
  return Number(db.prepare('PRAGMA user_version').get()?.['user_version']);
}
