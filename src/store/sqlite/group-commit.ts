import type { DatabaseSync } from 'node:sqlite';
import type { NewAuditLine } from '../../core/model/audit/audit.ts';
import type { Note } from '../sql/step.ts';
import { toStorageError } from './storage-error.ts';

/** Runs all writes of one tick in one transaction, so that they share one fsync. */
export interface GroupCommit {
  /** Resolves after the COMMIT, that is after the fsync. A write that throws is undone and rejects alone;
   *  a COMMIT that fails rejects all of its group. */
  write<T>(work: (note: Note) => T): Promise<T>;
  /** Refuses new writes and resolves when the last group is on disk. */
  close(): Promise<void>;
}

interface Entry {
  /** Does the work; returns what to tell its caller once the group is on disk. */
  run(note: Note): () => void;
  reject(cause: unknown): void;
}

export interface GroupHooks {
  /** Called after each COMMIT, behind those whose writes it was, with the time that the transaction took. */
  readonly committed?: (ms: number) => void;
  /** Writes the lines that its writes noted, before the COMMIT. */
  readonly seal?: (lines: readonly NewAuditLine[]) => void;
}

export function createGroupCommit(db: DatabaseSync, hooks: GroupHooks = {}): GroupCommit {
  const carryOut = createTransaction(db, hooks);
  let waiting: Entry[] = [];
  let flushed: Promise<void> = Promise.resolve();
  let closed = false;

  function add(entry: Entry): void {
    if (waiting.push(entry) > 1) return;
    flushed = new Promise((done) => {
      setImmediate(() => {
        const group = waiting;
        waiting = [];
        carryOut(group);
        done();
      });
    });
  }

  return {
    write<T>(work: (note: Note) => T): Promise<T> {
      if (closed) return Promise.reject(new Error('the store is closed'));
      return new Promise<T>((resolve, reject) => {
        const run = (note: Note) => {
          const value = work(note);
          return () => {
            resolve(value);
          };
        };
        add({ run, reject: (cause) => reject(toStorageError(cause)) });
      });
    },
    close() {
      closed = true;
      return flushed;
    },
  };
}

/** Does the work of a group in one transaction, and tells each of its callers. */
function createTransaction(
  db: DatabaseSync,
  { committed = () => {}, seal = () => {} }: GroupHooks,
): (group: readonly Entry[]) => void {
  const begin = db.prepare('BEGIN IMMEDIATE');
  const commit = db.prepare('COMMIT');
  const savepoint = db.prepare('SAVEPOINT one_write');
  const release = db.prepare('RELEASE one_write');
  const undo = db.prepare('ROLLBACK TO one_write');

  /** What is undone has noted nothing. */
  function runAlone(entry: Entry, lines: NewAuditLine[]): () => void {
    savepoint.run();
    const noted: NewAuditLine[] = [];
    try {
      const tell = entry.run((line) => noted.push(line));
      release.run();
      lines.push(...noted);
      return tell;
    } catch (error) {
      // A full disk or an I/O error ends the whole transaction: nothing of this group was written.
      if (!db.isTransaction) throw error;
      undo.run();
      release.run();
      return () => {
        entry.reject(error);
      };
    }
  }

  return (group) => {
    const begunAt = performance.now();
    try {
      begin.run();
      const lines: NewAuditLine[] = [];
      const settle = group.map((entry) => runAlone(entry, lines));
      if (lines.length > 0) seal(lines);
      commit.run();
      const tookMs = performance.now() - begunAt;
      for (const tell of settle) tell();
      committed(tookMs);
    } catch (error) {
      for (const entry of group) entry.reject(error);
      rollBack(db);
    }
  };
}

function rollBack(db: DatabaseSync): void {
  try {
    if (db.isTransaction) db.exec('ROLLBACK');
  } catch {
    // The connection is beyond help: the BEGIN of the next group fails, and so tells its callers.
  }
}
