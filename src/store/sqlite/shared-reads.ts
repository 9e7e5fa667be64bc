import type { DatabaseSync } from 'node:sqlite';

/** All that is read in one turn of the event loop is read in one transaction: beginning and ending one for each query, with
 *  its locks on the file, takes longer than most queries. */
export interface SharedReads {
  /** Before something is read. */
  begin(): void;
  /** Before something is written. It ends by itself with the turn. */
  end(): void;
}

export function shareReads(db: DatabaseSync): SharedReads {
  const open = db.prepare('BEGIN');
  const close = db.prepare('COMMIT');
  let isOpen = false;

  function end(): void {
    if (!isOpen) return;
    isOpen = false;
    // A disk that fails may have ended it.
    if (db.isOpen && db.isTransaction) close.run();
  }

  return {
    begin() {
      if (isOpen) return;
      open.run();
      isOpen = true;
      setImmediate(end);
    },
    end,
  };
}
