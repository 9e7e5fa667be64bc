import { createHash, timingSafeEqual } from 'node:crypto';
import type { HookPayload } from './hook-payload.ts';

/** Returns what the agent is told; `{}` for nothing. It may take its time: the agent waits. `gone` aborts when the
 *  agent no longer does. */
export type HookListener = (payload: HookPayload, gone: AbortSignal) => object | Promise<object>;

/** Who hears the agent hooks of which session: each has a token of its own. */
export interface HookListeners {
  /** The returned function ends it. */
  register(token: string, listener: HookListener): () => void;
  /** By the header that bears the token; null when nobody listens to it. */
  find(authorization: string): HookListener | null;
}

export function createHookListeners(): HookListeners {
  const listeners = new Map<string, { readonly digest: Buffer; readonly listener: HookListener }>();
  return {
    register(token, listener) {
      listeners.set(token, { digest: sha256(token), listener });
      return () => listeners.delete(token);
    },
    find(authorization) {
      const digest = sha256(authorization.replace(/^Bearer /, ''));
      let found: HookListener | null = null;
      for (const entry of listeners.values()) {
        if (timingSafeEqual(entry.digest, digest)) found = entry.listener;
      }
      return found;
    },
  };
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
