import { GatewayError } from '../../core/model/errors.ts';

/** SQLite's primary codes for a disk that refuses: READONLY, IOERR, FULL, CANTOPEN. */
const REFUSALS: ReadonlySet<number> = new Set([8, 10, 13, 14]);
const PRIMARY = 0xff;
const RETRY_MS = 10_000;

/** The disk's refusal as callers may see it; any other error as it is. */
export function toStorageError(error: unknown): unknown {
  const { errcode, errstr } = (error ?? {}) as { readonly errcode?: unknown; readonly errstr?: unknown };
  if (typeof errcode !== 'number' || !REFUSALS.has(errcode & PRIMARY)) return error;
  const message = `The database cannot be written (${String(errstr)}), so nothing was stored: look at the disk of DATA_DIR`;
  return new GatewayError('storage_unavailable', message, { retry: { afterMs: RETRY_MS }, cause: error });
}
