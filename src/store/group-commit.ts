import type { DatabaseSync } from 'node:sqlite';

/** All writes asked for in one tick share one transaction and one sync to disk. */
export interface GroupCommit {
  /** Resolves with the result after the sync. A write that throws is undone and rejects alone. */
  write<T>(change: () => T): Promise<T>;
  /** Commits what is waiting and refuses more. */
  close(): void;
}

interface Waiting {
  /** Makes the change; returns what to do once it is on disk. */
  run(): () => void;
  fail(error: unknown): void;
}

export function createGroupCommit(db: DatabaseSync): GroupCommit {
  let waiting: Waiting[] = [];
  let closed = false;

  function commit(): void {
    const group = waiting;
    waiting = [];
    if (group.length === 0) return;
    const settle: (() => void)[] = [];
    try {
      db.exec('BEGIN IMMEDIATE');
      for (const entry of group) settle.push(runAlone(entry));
      db.exec('COMMIT');
    } catch (error) {
      if (db.isTransaction) db.exec('ROLLBACK');
      for (const entry of group) entry.fail(error);
      return;
    }
    for (const done of settle) done();
  }

  function runAlone(entry: Waiting): () => void {
    db.exec('SAVEPOINT one');
    try {
      const done = entry.run();
      db.exec('RELEASE one');
      return done;
    } catch (error) {
      db.exec('ROLLBACK TO one; RELEASE one');
      return () => entry.fail(error);
    }
  }

  return {
    write(change) {
      if (closed) return Promise.reject(new Error('the store is closed'));
      return new Promise((resolve, reject) => {
        if (waiting.length === 0) setImmediate(commit);
        waiting.push({
          run() {
            const result = change();
            return () => resolve(result);
          },
          fail: reject,
        });
      });
    },
    close() {
      closed = true;
      commit();
    },
  };
}
