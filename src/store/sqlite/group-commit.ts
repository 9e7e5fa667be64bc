import type { DatabaseSync } from 'node:sqlite';
import { toStorageError } from './storage-error.ts';

/** Runs all writes of one tick in one transaction, so that they share one fsync. */
export interface GroupCommit {
  /** Resolves after the COMMIT, that is after the fsync. A write that throws is undone and rejects alone;
   *  a COMMIT that fails rejects all of its group. */
  write<T>(work: () => T): Promise<T>;
  /** Refuses new writes and resolves when the last group is on disk. */
  close(): Promise<void>;
}

interface Entry {
  /** Does the work; returns what to tell its caller once the group is on disk. */
  run(): () => void;
  reject(cause: unknown): void;
}

/** `committed` is called after each COMMIT, behind those whose writes it was, with the time that the transaction took. */
export function createGroupCommit(db: DatabaseSync, committed: (ms: number) => void = () => {}): GroupCommit {
  const carryOut = createTransaction(db, committed);
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
    write<T>(work: () => T): Promise<T> {
      if (closed) return Promise.reject(new Error('the store is closed'));
      return new Promise<T>((resolve, reject) => {
        const run = () => {
          const value = work();
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
function createTransaction(db: DatabaseSync, committed: (ms: number) => void): (group: readonly Entry[]) => void {
  const begin = db.prepare('BEGIN IMMEDIATE');
  const commit = db.prepare('COMMIT');
  const savepoint = db.prepare('SAVEPOINT one_write');
  const release = db.prepare('RELEASE one_write');
  const undo = db.prepare('ROLLBACK TO one_write');

  function runAlone(entry: Entry): () => void {
    savepoint.run();
    try {
      const tell = entry.run();
      release.run();
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
      const settle = group.map(runAlone);
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
