import { DatabaseSync } from 'node:sqlite';
import { MIGRATIONS } from './migrations.ts';

/** What is wrong with a database that nobody changes by looking; null: nothing. */
export function inspectDatabase(file: string): string | null {
  try {
    const db = new DatabaseSync(file, { readOnly: true, timeout: 5_000 });
    try {
      const version = Number(db.prepare('PRAGMA user_version').get()?.['user_version']);
      if (version > MIGRATIONS.length) return `was written by a newer gateway (version ${version})`;
      const [first] = db.prepare('PRAGMA quick_check(1)').all();
      const said = String(first?.['quick_check'] ?? '');
      return said === 'ok' ? null : `is damaged: ${said.replaceAll(/\s+/g, ' ')}`;
    } finally {
      db.close();
    }
  } catch (error) {
    return `cannot be read: ${error instanceof Error ? error.message : String(error)}`;
  }
}
