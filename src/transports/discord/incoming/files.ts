import type { Attachment } from 'discord.js';
import type { ChatFile, FetchedFile } from '../../../core/ports/gateway/chats.ts';
import { fetchFile, type FetchOptions, notFetched, readUpTo, tooLarge } from '../../chat/fetch-file.ts';

export interface FilesDeps extends Omit<FetchOptions, 'network'> {
  readonly apiRoot: string;
}

const NETWORK = 'Discord';

/** The address is Discord's own, and for anybody who has it: the token is not sent along. */
export function toChatFile(
  { apiRoot, ...options }: FilesDeps,
  { name, size, url }: Pick<Attachment, 'name' | 'size' | 'url'>,
): ChatFile {
  const isPlain = !url.startsWith('https:') && new URL(apiRoot).origin !== (URL.parse(url)?.origin ?? '');
  return {
    name,
    bytes: size,
    async fetch(maxBytes) {
      if (isPlain) return notFetched(NETWORK);
      return fetchFile({ ...options, network: NETWORK }, (until) => fetchOnce(url, maxBytes, until));
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
  const bytes = await readUpTo(response.body, maxBytes);
  return bytes === null ? tooLarge(maxBytes) : { kind: 'fetched', bytes };
}
