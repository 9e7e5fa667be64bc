import { InvalidArgumentError } from 'commander';
import { toAddress } from '../remote/find-gateway.ts';

/** How the word behind an option becomes a value. @throws InvalidArgumentError that says what it must be */

export function parsePort(text: string): string {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return text;
  throw new InvalidArgumentError('a port is a number from 0 (any free one) to 65535.');
}

export function parseCount(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('it must be a whole number.');
}

/** In micro-dollars, as the API counts. */
export function parseDollars(text: string): number {
  if (/^\d{1,9}(\.\d{1,6})?$/.test(text)) return Math.round(Number(text) * 1e6);
  throw new InvalidArgumentError('it must be an amount in dollars, as 1.50.');
}

/** 2026-01-31, an ISO instant, or epoch milliseconds. */
export function parseInstant(text: string): number {
  const at = /^\d{6,15}$/.test(text) ? Number(text) : Date.parse(text);
  if (Number.isFinite(at)) return at;
  throw new InvalidArgumentError('it must be a day as 2026-01-31, or an instant as 2026-01-31T10:00:00Z.');
}

export function parseUrl(text: string): string {
  if (text === '') throw new InvalidArgumentError('it must be an address, such as http://127.0.0.1:3000.');
  try {
    return toAddress(text);
  } catch (error) {
    throw new InvalidArgumentError(error instanceof Error ? error.message : String(error));
  }
}

export function collect(text: string, before: readonly string[]): readonly string[] {
  return [...before, text];
}

/** `12:5f70…`, as `audit verify` prints the last line. */
export function parseKnown(text: string): { readonly seq: number; readonly hash: string } {
  const [, seq, hash] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text) ?? [];
  if (seq === undefined || hash === undefined)
    throw new InvalidArgumentError('it must be a line and its hash, as audit verify prints them.');
  return { seq: Number(seq), hash };
}
