import { DatabaseSync } from 'node:sqlite';
import { MIGRATIONS } from './migrations.ts';

/** What is wrong with a database. `newer`: a later version of the gateway wrote it. */
export interface Wrong {
  readonly kind: 'newer' | 'damaged';
  /** Completes "the database …". */
  readonly why: string;
}

/** Null when nothing is wrong. Looking changes nothing. `all`: each row against each index and what it refers to, too,
 *  which takes a while. */
export function inspectDatabase(file: string, how: 'quick' | 'all' = 'quick'): Wrong | null {
  try {
    const db = new DatabaseSync(file, { readOnly: true, timeout: 5_000 });
    try {
      const version = Number(db.prepare('PRAGMA user_version').get()?.['user_version']);
      if (version > MIGRATIONS.length)
        return { kind: 'newer', why: `was written by a newer gateway (version ${version})` };
      const check = how === 'quick' ? 'quick_check' : 'integrity_check';
      const [first] = db.prepare(`PRAGMA ${check}(1)`).all();
      const said = String(first?.[check] ?? '');
      if (said !== 'ok') return damaged(`is damaged: ${said.replaceAll(/\s+/g, ' ')}`);
      return how === 'quick' ? null : findMissing(db);
    } finally {
      db.close();
    }
  } catch (error) {
    return damaged(`cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function damaged(why: string): Wrong {
  return { kind: 'damaged', why };
}

function findMissing(db: DatabaseSync): Wrong | null {
  const isBroken = db.prepare('PRAGMA foreign_key_check').get() !== undefined;
  if (isBroken) return damaged('is damaged: a row refers to one that is gone');
  const requests = db.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'requests'").get();
  return requests === undefined ? damaged('is no database of a gateway') : null;
}
