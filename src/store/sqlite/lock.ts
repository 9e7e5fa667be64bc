import { chmodSync, mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { GatewayError } from '../../core/model/errors.ts';
import { toOpeningError } from './storage-error.ts';

export interface DataDirLock {
  release(): void;
}

/** One gateway per data folder. The lock is the kernel's, held through SQLite, so a crash never leaves a stale one;
 *  `gateway.pid` only tells people who holds it.
 *  Never open `gateway.lock` with node:fs: closing any descriptor of it drops the lock of the whole process.
 *  @throws GatewayError when another gateway, or another part of this process, holds it. */
export function lockDataDir(dir: string): DataDirLock {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const real = realpathSync(dir);
  const lockFile = join(real, 'gateway.lock');
  const pidFile = join(real, 'gateway.pid');
  const db = new DatabaseSync(lockFile, { timeout: 0 });
  try {
    db.exec('BEGIN EXCLUSIVE');
    chmodSync(lockFile, 0o600);
    writeFileSync(pidFile, `${process.pid}\n`, { mode: 0o600 });
  } catch (error) {
    db.close();
    throw isBusy(error) ? alreadyUsed(real, pidFile, error) : toOpeningError(error, lockFile);
  }
  let held = true;
  return {
    release() {
      if (!held) return;
      held = false;
      rmSync(pidFile, { force: true });
      db.close();
    },
  };
}

function alreadyUsed(dir: string, pidFile: string, cause: unknown): GatewayError {
  return new GatewayError(
    'internal',
    `another gateway (pid ${readPid(pidFile)}) already uses DATA_DIR ${dir}: stop it or choose another DATA_DIR`,
    { cause },
  );
}

function readPid(pidFile: string): string {
  try {
    return readFileSync(pidFile, 'utf8').trim() || 'unknown';
  } catch {
    // It holds the lock and has not written its pid yet, or is just leaving.
    return 'unknown';
  }
}

const SQLITE_BUSY = 5;

function isBusy(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'errcode' in error && error.errcode === SQLITE_BUSY;
}
