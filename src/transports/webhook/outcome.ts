import type { Outcome } from '../../core/ports/transport.ts';
import { type Answer, ForbiddenAddressError } from './post.ts';

/** Among those that say that the request is wrong, the ones that say "not now". */
const NOT_NOW: ReadonlySet<number> = new Set([408, 409, 421, 423, 424, 425, 429]);

/** 2xx took it. A redirect is not followed, and most of 4xx mean that this message will never be taken; all else may
 *  pass. 410 says that the receiver wants no more at all. */
export function toOutcome({ status, retryAfter }: Answer, now: number): Outcome {
  if (status >= 200 && status < 300) return { kind: 'sent' };
  if (status === 410) return { kind: 'refused', error: 'the receiver is gone (410)', gone: true };
  if (status >= 300 && status < 400) {
    return { kind: 'refused', error: `the receiver redirects (${status}), which is not followed: use the final URL` };
  }
  if (status >= 400 && status < 500 && !NOT_NOW.has(status)) {
    return { kind: 'refused', error: `the receiver refused it (${status})` };
  }
  const afterMs = parseRetryAfter(retryAfter, now);
  return { kind: 'retry', error: `the receiver answered ${status}`, ...(afterMs !== null && { afterMs }) };
}

/** Seconds or a date; null for neither. */
export function parseRetryAfter(value: string | null, now: number): number | null {
  if (value === null) return null;
  if (/^\d{1,9}$/.test(value.trim())) return Number(value) * 1_000;
  // `Date.parse` takes nearly everything for a date.
  const at = /^\w{3}, .* GMT$/.test(value.trim()) ? Date.parse(value) : NaN;
  return Number.isNaN(at) ? null : Math.max(0, at - now);
}

/** What came before a connection stood was surely not sent. */
const BEFORE: ReadonlySet<string> = new Set([
  'ENOTFOUND',
  'EAI_AGAIN',
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
]);

export function toFailure(error: unknown): Outcome {
  if (error instanceof ForbiddenAddressError) return { kind: 'refused', error: error.message };
  const code = codeOf(error);
  if (code === null) return { kind: 'unknown', error: 'the connection broke' };
  return { kind: BEFORE.has(code) ? 'retry' : 'unknown', error: `no answer (${code})` };
}

/** Of the error, or of the first of several addresses that were tried. */
function codeOf(error: unknown): string | null {
  if (error instanceof AggregateError && !('code' in error)) return codeOf(error.errors[0]);
  if (typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string')
    return error.code;
  return null;
}
