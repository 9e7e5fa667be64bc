import { GatewayError } from '../../core/model/errors.ts';

/** SQLite's primary codes for a disk that refuses: READONLY, IOERR, FULL, CANTOPEN. */
const REFUSALS: ReadonlySet<number> = new Set([8, 10, 13, 14]);
const PRIMARY = 0xff;
const RETRY_MS = 10_000;

/** Its primary codes for a file that is damaged: CORRUPT, NOTADB. */
const DAMAGES: ReadonlySet<number> = new Set([11, 26]);

/** What kept the database from being opened, as the operator may see it. */
export function toOpeningError(error: unknown, file: string): unknown {
  const { errcode, errstr, code } = (error ?? {}) as Readonly<Record<string, unknown>>;
  const primary = typeof errcode === 'number' ? errcode & PRIMARY : null;
  if (primary !== null && DAMAGES.has(primary))
    return new Error(
      `DATA_DIR: ${file} is damaged (${String(errstr)}): restore it from a backup, or move it away with its -wal and -shm to begin anew`,
      { cause: error },
    );
  if (code === 'ENOSPC' || code === 'EDQUOT' || (primary !== null && REFUSALS.has(primary)))
    return new Error(
      `DATA_DIR: ${file} cannot be written (${String(errstr ?? code)}): make room on its disk, or see to its permissions`,
      { cause: error },
    );
  return error;
}

/** What the disk refuses, or a damaged file, as callers may see it; any other error as it is. */
export function toStorageError(error: unknown): unknown {
  const { errcode, errstr } = (error ?? {}) as { readonly errcode?: unknown; readonly errstr?: unknown };
  const message = typeof errcode === 'number' ? tell(errcode & PRIMARY, String(errstr)) : null;
  if (message === null) return error;
  return new GatewayError('storage_unavailable', message, { retry: { afterMs: RETRY_MS }, cause: error });
}

function tell(primary: number, says: string): string | null {
  if (REFUSALS.has(primary))
    return `The database cannot be written (${says}), so nothing was stored: look at the disk of DATA_DIR`;
  if (DAMAGES.has(primary))
    return `The database is damaged (${says}), so nothing was stored: stop the gateway and restore it from a backup`;
  return null;
}
