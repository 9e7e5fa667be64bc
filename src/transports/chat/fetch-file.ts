import { sayBytes } from '../../core/model/files/names.ts';
import type { FetchedFile } from '../../core/ports/gateway/chats.ts';
import { createBackoff, pause } from './pause.ts';

export interface FetchOptions {
  /** As people call it. */
  readonly network: string;
  /** Aborts when nothing is heard any more. */
  readonly signal: AbortSignal;
  /** Before another try; it doubles. */
  readonly retryMs?: number;
  /** For one file in all, with each of its tries. */
  readonly withinMs?: number;
}

/** It may be better next time. `afterMs`: the network itself said when. */
export interface NotYet {
  readonly kind: 'not_yet';
  readonly afterMs: number;
}

const TRIES = 3;
const RETRY_MS = 1_000;
const RETRY_MAX_MS = 10_000;
export const WITHIN_MS = 60_000;

/** A few tries at one file. What `fetchOnce` rejects with is worth another one. Rejects when the signal aborts. */
export async function fetchFile(
  { network, signal, retryMs = RETRY_MS, withinMs = WITHIN_MS }: FetchOptions,
  fetchOnce: (until: AbortSignal) => Promise<FetchedFile | NotYet>,
): Promise<FetchedFile> {
  const backoff = createBackoff(retryMs, RETRY_MAX_MS);
  const late = AbortSignal.timeout(withinMs);
  const endsAt = performance.now() + withinMs;
  const until = AbortSignal.any([signal, late]);
  for (let tries = 1; ; tries += 1) {
    const got = await fetchOnce(until).catch((): NotYet => ({ kind: 'not_yet', afterMs: 0 }));
    if (got.kind !== 'not_yet') return got;
    signal.throwIfAborted();
    if (late.aborted) return { kind: 'failed', why: `takes too long to be fetched from ${network}` };
    const waitMs = Math.max(backoff.next(), got.afterMs);
    if (tries === TRIES || performance.now() + waitMs > endsAt) return notFetched(network);
    await pause(waitMs, until);
  }
}

export function notFetched(network: string): FetchedFile {
  return { kind: 'failed', why: `could not be fetched from ${network}` };
}

export function tooLarge(maxBytes: number): FetchedFile {
  return { kind: 'failed', why: `is larger than ${sayBytes(maxBytes)}` };
}

/** Null: there are more; what is left of them is not read. */
export async function readUpTo(chunks: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Buffer | null> {
  const read: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    // Leaving the loop ends the download.
    if (bytes > maxBytes) return null;
    read.push(chunk);
  }
  return Buffer.concat(read);
}
