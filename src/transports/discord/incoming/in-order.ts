import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from '../../../core/ports/log.ts';

/** One after the other where people would notice, side by side elsewhere. */
export interface InOrder {
  /** Behind all that was given with this key before. What rejects is begun again until it resolves. */
  add(key: string, act: () => Promise<void>): void;
  /** Nothing is begun any more; resolves when nothing runs. */
  close(): Promise<void>;
}

const RETRY_MS = 1_000;
const RETRY_MAX_MS = 30_000;

export function createInOrder(log: Log, retryMs = RETRY_MS): InOrder {
  const last = new Map<string, Promise<void>>();
  const closing = new AbortController();
  const { signal } = closing;

  async function untilDone(act: () => Promise<void>): Promise<void> {
    for (let waitMs = retryMs; !signal.aborted; waitMs = Math.min(waitMs * 2, RETRY_MAX_MS)) {
      try {
        return await act();
      } catch (error) {
        if (signal.aborted) return;
        log.warn({ error: String(error), againInMs: waitMs }, 'discord.not_handled');
        await delay(waitMs, undefined, { signal }).catch(() => {});
      }
    }
  }

  return {
    add(key, act) {
      const done = (last.get(key) ?? Promise.resolve())
        .then(() => untilDone(act))
        .then(() => {
          if (last.get(key) === done) last.delete(key);
        });
      last.set(key, done);
    },
    async close() {
      closing.abort();
      await Promise.all(last.values());
    },
  };
}
