import { hash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { KeyRecord } from '../../core/model/keys/key.ts';
import type { KeysApi } from '../../core/ports/keys/keys.ts';
import type { Caller } from './caller.ts';
import type { ApiKey } from './settings.ts';

/** What a request shows of who sends it. */
export type Shown =
  | { readonly kind: 'known'; readonly caller: Caller }
  /** A key that opens nothing. */
  | { readonly kind: 'wrong' }
  | { readonly kind: 'nothing' };

export interface Callers {
  find(headers: IncomingHttpHeaders): Promise<Shown>;
  /** Whether its key still is what it was. */
  isStill(caller: Caller): Promise<boolean>;
}

export interface CallersDeps {
  /** Of the settings: each may do everything. */
  readonly own: readonly ApiKey[];
  readonly keys: Pick<KeysApi, 'find' | 'used'>;
}

/** Begins the WebSocket subprotocol that carries the key in base64url, for browsers cannot set headers there. */
export const KEY_PROTOCOL = 'gatehouse.key.';

const STORED_KEY = /^gh_([0-9a-f]{1,64})_/;

export function createCallers({ own, keys }: CallersDeps): Callers {
  async function findKey(presented: string): Promise<Caller | null> {
    const digest = hash('sha256', presented, 'buffer');
    const found = findOwn(own, digest);
    if (found !== null) return toAdmin(found);
    const [, id] = STORED_KEY.exec(presented) ?? [];
    const key = id === undefined ? null : await keys.find(id);
    if (key === null || !timingSafeEqual(digest, Buffer.from(key.sha256, 'hex'))) return null;
    keys.used(key);
    return toCaller(key);
  }

  return {
    async find(headers) {
      const presented = readPresentedKey(headers);
      if (presented === null) return { kind: 'nothing' };
      const caller = await findKey(presented);
      return caller === null ? { kind: 'wrong' } : { kind: 'known', caller };
    },
    async isStill({ key }) {
      return key === null || (await keys.find(key.id))?.sha256 === key.sha256;
    },
  };
}

/** Every key is compared, also after a match: the time says nothing about which one it was. */
function findOwn(own: readonly ApiKey[], digest: Buffer): ApiKey | null {
  let found: ApiKey | null = null;
  for (const key of own) {
    if (timingSafeEqual(digest, key.sha256)) found = key;
  }
  return found;
}

function toAdmin({ id }: ApiKey): Caller {
  return { keyId: id, scopes: ['admin'], reach: null, rateLimitMax: null, key: null };
}

function toCaller(key: KeyRecord): Caller {
  const { id, scopes, workspaces, limits } = key;
  // An admin's reach is everything, whatever is stored.
  const reach = scopes.includes('admin') ? null : workspaces;
  return { keyId: id, scopes, reach, rateLimitMax: limits.rateLimitMax, key };
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
