import { readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';

export interface DataDirLock {
  release(): void;
}

/** One gateway per data folder. SQLite's lock on a file of its own is a kernel lock: it goes with the process,
 *  so a crash never leaves a stale one.
 *  @throws Error that names the first gateway's pid. */
export function lockDataDir(dataDir: string): DataDirLock {
  const folder = realpathSync(dataDir);
  const pidFile = path.join(folder, 'gateway.pid');
  const db = new DatabaseSync(path.join(folder, 'gateway.lock'));
  try {
    db.exec('PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE');
  } catch (cause) {
    db.close();
    throw new Error(
      `another gateway (pid ${readPid(pidFile)}) already uses DATA_DIR ${folder}: stop it or choose another DATA_DIR`,
      { cause },
    );
  }
  writeFileSync(pidFile, `${process.pid}\n`, { mode: 0o600 });
  return {
    release() {
      rmSync(pidFile, { force: true });
      db.close();
    },
  };
}

function readPid(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return 'unknown';
  }
}
