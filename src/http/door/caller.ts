import type { FastifyRequest } from 'fastify';
import { toKeyWho, type Who } from '../../core/model/audit/audit.ts';
import type { KeyRecord, Reach, Scope } from '../../core/model/keys/key.ts';

/** Who sends a request, and what it may do. */
export interface Caller {
  /** Null: authentication is off, and nobody has a name. */
  readonly keyId: string | null;
  readonly scopes: readonly Scope[];
  readonly reach: Reach;
  /** Null: as the settings say. */
  readonly rateLimitMax: number | null;
  /** Null: the key of the settings, which lasts as long as the process. */
  readonly key: KeyRecord | null;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Null on public routes, and before somebody is let in. */
    caller: Caller | null;
    /** The id of the caller's key; null on public routes and with authentication off. */
    keyId: string | null;
    /** It showed a key that opens nothing. */
    hasGuessed: boolean;
  }
}

/** With authentication off. */
export const ANYBODY: Caller = { keyId: null, scopes: ['admin'], reach: null, rateLimitMax: null, key: null };

/** For the audit log. */
export function whoOf({ keyId }: Pick<FastifyRequest, 'keyId'>): Who {
  return toKeyWho(keyId);
}

/** The workspaces that a list may show. */
export function reachOf({ caller }: Pick<FastifyRequest, 'caller'>): Reach {
  if (caller === null) throw new Error('a public route asked whose workspaces it may show');
  return caller.reach;
}
