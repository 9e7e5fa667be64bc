import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { ApiKey } from './settings.ts';

/** The id of the caller's key; null when none fits. Every key is compared, in constant time. */
export function findKey(headers: IncomingHttpHeaders, keys: readonly ApiKey[]): string | null {
  const given = headers['x-api-key'] ?? /^Bearer +(.+)$/i.exec(headers.authorization ?? '')?.[1];
  if (typeof given !== 'string') return null;
  const digest = sha256(given);
  let found: string | null = null;
  for (const key of keys) if (timingSafeEqual(key.sha256, digest)) found = key.id;
  return found;
}

export function toApiKey(id: string, key: string): ApiKey {
  return { id, sha256: sha256(key) };
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
