import { setTimeout as delay } from 'node:timers/promises';
import type { Attachment } from 'discord.js';
import { sayBytes } from '../../../core/model/files/names.ts';
import type { ChatFile, FetchedFile } from '../../../core/ports/gateway/chats.ts';

export interface FilesDeps {
  readonly apiRoot: string;
  /** Aborts when nothing is heard any more. */
  readonly signal: AbortSignal;
  /** Before another try. */
  readonly retryMs: number;
  /** For one file in all, with each of its tries. */
  readonly withinMs?: number;
}

const TRIES = 3;
const WITHIN_MS = 60_000;
const TOO_LONG: FetchedFile = { kind: 'failed', why: 'takes too long to be fetched from Discord' };
const NOT_FETCHED: FetchedFile = { kind: 'failed', why: 'could not be fetched from Discord' };

/** The address is Discord's own, and for anybody who has it: the token is not sent along. */
export function toChatFile(
  { apiRoot, signal, retryMs, withinMs = WITHIN_MS }: FilesDeps,
  { name, size, url }: Pick<Attachment, 'name' | 'size' | 'url'>,
): ChatFile {
  const isPlain = !url.startsWith('https:') && new URL(apiRoot).origin !== (URL.parse(url)?.origin ?? '');
  return {
    name,
    bytes: size,
    async fetch(maxBytes) {
      if (isPlain) return NOT_FETCHED;
      const late = AbortSignal.timeout(withinMs);
      const until = AbortSignal.any([signal, late]);
      for (let tries = 1; ; tries += 1) {
        try {
          return await fetchOnce(url, maxBytes, until);
        } catch {
          signal.throwIfAborted();
          if (late.aborted) return TOO_LONG;
          if (tries === TRIES) return NOT_FETCHED;
          await delay(retryMs * tries, undefined, { signal: until }).catch(() => {});
        }
      }
    },
  };
}

/** Rejects when another try is worth it. */
async function fetchOnce(url: string, maxBytes: number, until: AbortSignal): Promise<FetchedFile> {
  const response = await fetch(url, { redirect: 'error', signal: until });
  if (!response.ok || response.body === null) {
    // An answer that is left unread keeps its connection.
    await response.body?.cancel();
    if (response.status === 404 || response.status === 403) return { kind: 'failed', why: 'is not there any more' };
    throw new Error(`answered ${response.status}`);
  }
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body) {
    bytes += chunk.length;
    // Leaving the loop ends the download.
    if (bytes > maxBytes) return { kind: 'failed', why: `is larger than ${sayBytes(maxBytes)}` };
    chunks.push(chunk);
  }
  return { kind: 'fetched', bytes: Buffer.concat(chunks) };
}
