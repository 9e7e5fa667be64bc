import { GatewayError } from '../../core/model/errors.ts';

const RETRY_MS = 2_000;

/** SQLSTATEs, or their classes, of a server that is away, stops, starts, takes no more connections or writes, or has no
 *  room: connection exceptions, insufficient resources, operator intervention, read-only. */
const REFUSALS = /^(08|53|57P|57014|25006|58)/;
/** What the network says. */
const NETWORK = /^(ECONN|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENETDOWN|ENOTFOUND|EAI_AGAIN|ENOENT)/;
/** What the driver says of a connection that is gone, without a code. */
const DRIVER = /connection|timeout|not queryable/i;

/** Whether the connection that said it is of no more use. */
export function isLost(error: unknown): boolean {
  const { code, message } = (error ?? {}) as { readonly code?: unknown; readonly message?: unknown };
  if (typeof code === 'string') return NETWORK.test(code) || /^(08|57P|25006)/.test(code);
  return typeof message === 'string' && DRIVER.test(message);
}

/** What kept the database from answering, as callers may see it; any other error as it is. */
export function toStorageError(error: unknown): unknown {
  if (error instanceof GatewayError) return error;
  const { code } = (error ?? {}) as { readonly code?: unknown };
  if (!isLost(error) && !(typeof code === 'string' && REFUSALS.test(code))) return error;
  return unavailable(error);
}

export function unavailable(cause: unknown): GatewayError {
  return new GatewayError('storage_unavailable', 'The database does not answer, so nothing was stored', {
    retry: { afterMs: RETRY_MS },
    cause,
  });
}

/** What kept the database from being opened, as the operator may see it: without the password. */
export function toOpeningError(error: unknown, url: string): unknown {
  const { code, message } = (error ?? {}) as { readonly code?: unknown; readonly message?: unknown };
  const isOurs =
    error instanceof GatewayError ? error.code !== 'storage_unavailable' : code === undefined && !isLost(error);
  if (isOurs) return error;
  // Several addresses of one name fail together, without a message.
  const why = typeof message === 'string' && message !== '' ? message : String(code);
  return new Error(`DATABASE_URL: ${withoutPassword(url)} cannot be opened (${why})`, { cause: error });
}

function withoutPassword(url: string): string {
  try {
    const parsed = new URL(url);
    parsed.password = '';
    parsed.search = '';
    return parsed.href;
  } catch {
    return 'the database';
  }
}
