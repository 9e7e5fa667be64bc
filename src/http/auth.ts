import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { ApiKey } from './settings.ts';

/** The id of the key that a request carries, or null when it carries none that we know. */
export type FindKeyId = (headers: IncomingHttpHeaders) => string | null;

export function createKeyFinder(keys: readonly ApiKey[]): FindKeyId {
  return (headers) => {
    const presented = readPresentedKey(headers);
    if (presented === null) return null;
    const digest = createHash('sha256').update(presented).digest();
    let found: string | null = null;
    // Every key is compared, also after a match: the time says nothing about which one it was.
    for (const key of keys) {
      if (timingSafeEqual(digest, key.sha256)) found = key.id;
    }
    return found;
  };
}

function readPresentedKey(headers: IncomingHttpHeaders): string | null {
  const apiKey = headers['x-api-key'];
  if (typeof apiKey === 'string') return apiKey;
  return /^Bearer +(\S+) *$/i.exec(headers.authorization ?? '')?.[1] ?? null;
}
