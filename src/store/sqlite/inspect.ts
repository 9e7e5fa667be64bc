import { DatabaseSync } from 'node:sqlite';
import { MIGRATIONS } from './migrations.ts';

/** What is wrong with a database that nobody changes by looking; null: nothing. `all`: each row against each index and
 *  what it refers to, too, which takes a while. */
export function inspectDatabase(file: string, how: 'quick' | 'all' = 'quick'): string | null {
  try {
    const db = new DatabaseSync(file, { readOnly: true, timeout: 5_000 });
    try {
      const version = Number(db.prepare('PRAGMA user_version').get()?.['user_version']);
      if (version > MIGRATIONS.length) return `was written by a newer gateway (version ${version})`;
      const check = how === 'quick' ? 'quick_check' : 'integrity_check';
      const [first] = db.prepare(`PRAGMA ${check}(1)`).all();
      const said = String(first?.[check] ?? '');
      if (said !== 'ok') return `is damaged: ${said.replaceAll(/\s+/g, ' ')}`;
      return how === 'quick' ? null : findMissing(db);
    } finally {
      db.close();
    }
  } catch (error) {
    return `cannot be read: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function findMissing(db: DatabaseSync): string | null {
  if (db.prepare('PRAGMA foreign_key_check').get() !== undefined) return 'is damaged: a row refers to one that is gone';
  const requests = db.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'requests'").get();
  return requests === undefined ? 'is no database of a gateway' : null;
}
