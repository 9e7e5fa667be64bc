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
  /** Called before each BEGIN. */
  readonly begins?: () => void;
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
      untilNobodyComes(
        () => waiting.length,
        () => {
          const group = waiting;
          waiting = [];
          carryOut(group);
          done();
        },
      );
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

/** Of the event loop; in each one, all that have been heard from by then. */
const TURNS_MAX = 8;

/** A turn of the loop in which nobody came ends a group: what a crowd writes is shared out over few transactions, and
 *  whoever is alone waits for nothing but that turn. */
function untilNobodyComes(count: () => number, then: () => void, seen = 0, turns = 1): void {
  setImmediate(() => {
    const there = count();
    if (there === seen || turns === TURNS_MAX) then();
    else untilNobodyComes(count, then, there, turns + 1);
  });
}

/** `one by one`: a write that throws is undone alone. What SQLite keeps for that, of every page that a write touches, costs
 *  more than most writes, so it is done only for a group that was spoiled. */
type Way = 'together' | 'one by one';

/** Does the work of a group in one transaction, and tells each of its callers. */
function createTransaction(
  db: DatabaseSync,
  { begins = () => {}, committed = () => {}, seal = () => {} }: GroupHooks,
): (group: readonly Entry[]) => void {
  const begin = db.prepare('BEGIN IMMEDIATE');
  const commit = db.prepare('COMMIT');
  const runAlone = createRunAlone(db);

  /** Null: nothing of it is stored, and one of its writes is to blame. */
  function write(group: readonly Entry[], way: Way): readonly (() => void)[] | null {
    begin.run();
    const lines: NewAuditLine[] = [];
    const tell: (() => void)[] = [];
    for (const entry of group) {
      try {
        tell.push(way === 'together' ? entry.run((line) => lines.push(line)) : runAlone(entry, lines));
      } catch (error) {
        // A full disk or an I/O error ends the whole transaction: nothing of this group was written.
        if (way === 'one by one' || !db.isTransaction) throw error;
        rollBack(db);
        return null;
      }
    }
    if (lines.length > 0) seal(lines);
    commit.run();
    return tell;
  }

  return (group) => {
    const begunAt = performance.now();
    try {
      begins();
      const settle = write(group, 'together') ?? write(group, 'one by one') ?? [];
      const tookMs = performance.now() - begunAt;
      for (const tell of settle) tell();
      committed(tookMs);
    } catch (error) {
      for (const entry of group) entry.reject(error);
      rollBack(db);
    }
  };
}

function createRunAlone(db: DatabaseSync): (entry: Entry, lines: NewAuditLine[]) => () => void {
  const savepoint = db.prepare('SAVEPOINT one_write');
  const release = db.prepare('RELEASE one_write');
  const undo = db.prepare('ROLLBACK TO one_write');

  /** What is undone has noted nothing. */
  return (entry, lines) => {
    savepoint.run();
    const noted: NewAuditLine[] = [];
    try {
      const tell = entry.run((line) => noted.push(line));
      release.run();
      lines.push(...noted);
      return tell;
    } catch (error) {
      if (!db.isTransaction) throw error;
      undo.run();
      release.run();
      return () => {
        entry.reject(error);
      };
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
