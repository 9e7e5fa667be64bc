import { rename } from 'node:fs/promises';
import { fillDatabase } from '../../store/postgres/fill.ts';
import { openDump } from '../../store/sqlite/dump.ts';
import { lockDataDir } from '../../store/sqlite/lock.ts';
import { toDatabaseFile } from './open-database.ts';

export interface Moved {
  /** How many rows of each table are in Postgres now. */
  readonly rows: Readonly<Record<string, number>>;
  /** Where the file lies now, which nobody needs any more. */
  readonly left: string;
}

/** Moves the database of a data folder from SQLite into an empty Postgres, whose rows are counted before they are kept.
 *  The file gets another name then, so that nobody goes on with it; when anything fails, all is as it was.
 *  @throws Error that says what failed */
export async function moveDatabase(dataDir: string, url: string): Promise<Moved> {
  const lock = lockDataDir(dataDir);
  try {
    const file = toDatabaseFile(dataDir);
    const rows = await fill(file, url);
    const left = `${file}.moved`;
    await rename(file, left);
    return { rows, left };
  } finally {
    lock.release();
  }
}

async function fill(file: string, url: string): Promise<Moved['rows']> {
  using dump = openDump(file);
  return await fillDatabase(url, dump.tables);
}
