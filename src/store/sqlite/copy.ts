import { chmodSync, closeSync, existsSync, fsyncSync, linkSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Makes a copy of a database that others may write meanwhile: all of one moment, and nothing of what was freed. */
export function copyDatabase(from: string, to: string): void {
  withDatabase(from, (db) => db.prepare('VACUUM INTO ?').run(to));
}

/** The agents' own names of the conversations that sessions have. */
export function readConversations(file: string): readonly string[] {
  return withDatabase(file, (db) =>
    db
      .prepare('SELECT agent_session_id AS id FROM sessions WHERE agent_session_id IS NOT NULL')
      .all()
      .map(({ id }) => String(id)),
  );
}

function withDatabase<T>(file: string, act: (db: DatabaseSync) => T): T {
  const db = new DatabaseSync(file, { readOnly: true, timeout: 5_000 });
  try {
    return act(db);
  } finally {
    db.close();
  }
}

/** Puts one database in the place of another, which goes on as `kept`. Whoever is killed in the middle leaves one or the
 *  other, whole. Nobody else may use them. */
export function replaceDatabase(file: string, next: string, kept: string): void {
  // It holds prompts, and has passed through an archive.
  chmodSync(next, 0o600);
  sync(next);
  for (const suffix of SUFFIXES) rmSync(`${kept}${suffix}`, { force: true });
  if (existsSync(file)) {
    settle(file, kept);
    linkSync(file, kept);
  }
  renameSync(next, file);
  sync(path.dirname(file));
}

const SUFFIXES = ['', '-wal', '-shm'] as const;

/** The journal of a database is read into whatever stands in its place: it ends before that. One that cannot be read
 *  into its own database, for that is broken, is put aside with it. */
function settle(file: string, kept: string): void {
  try {
    const db = new DatabaseSync(file, { timeout: 5_000 });
    try {
      db.exec('PRAGMA synchronous = FULL; PRAGMA journal_mode = DELETE');
    } finally {
      db.close();
    }
  } catch (error) {
    if (isBusy(error)) throw new Error(`${file} is open in another program: end that first`, { cause: error });
  }
  for (const suffix of ['-wal', '-shm']) {
    if ((statSync(`${file}${suffix}`, { throwIfNoEntry: false })?.size ?? 0) > 0)
      renameSync(`${file}${suffix}`, `${kept}${suffix}`);
  }
}

const SQLITE_BUSY = 5;

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY;
}

function sync(place: string): void {
  const descriptor = openSync(place, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
