import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { ApiKey } from './settings.ts';

/** The id of the key that a request carries, or null when it carries none that we know. */
export type FindKeyId = (headers: IncomingHttpHeaders) => string | null;

/** Begins the WebSocket subprotocol that carries the key in base64url, for browsers cannot set headers there. */
export const KEY_PROTOCOL = 'gatehouse.key.';

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
  return /^Bearer +(\S+) *$/i.exec(headers.authorization ?? '')?.[1] ?? readOfferedKey(headers);
}

function readOfferedKey(headers: IncomingHttpHeaders): string | null {
  const offered = (headers['sec-websocket-protocol'] ?? '').split(',').map((protocol) => protocol.trim());
  const protocol = offered.find((name) => name.startsWith(KEY_PROTOCOL));
  return protocol === undefined ? null : Buffer.from(protocol.slice(KEY_PROTOCOL.length), 'base64url').toString();
}
