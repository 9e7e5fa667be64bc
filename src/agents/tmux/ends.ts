import { setTimeout as delay } from 'node:timers/promises';

export interface EndsParts {
  /** Resolves when some program has ended, or after a while without. Rejects when the signal aborts. */
  readonly nextEnd: (signal: AbortSignal) => Promise<unknown>;
  /** The sessions whose programs still run. */
  readonly listAlive: () => Promise<ReadonlySet<string>>;
}

/** One waiting for the ends of all sessions: a process for each would outlive a gateway that is killed. */
export interface Ends {
  /** Resolves when the session may have ended; rejects when the signal aborts. */
  mayHaveEnded(session: string, signal: AbortSignal): Promise<void>;
}

const RETRY_MS = 100;

export function createEnds({ nextEnd, listAlive }: EndsParts): Ends {
  const waiting = new Map<() => void, string>();
  let watching: AbortController | null = null;

  async function watch(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await nextEnd(signal);
        const alive = await listAlive();
        for (const [wake, session] of waiting) if (!alive.has(session)) wake();
      } catch {
        // A server that does not answer proves nothing; one that is gone has no session alive.
        if (!signal.aborted) await delay(RETRY_MS);
      }
    }
  }

  return {
    async mayHaveEnded(session, signal) {
      const woken = Promise.withResolvers<void>();
      const wake = (): void => woken.resolve();
      signal.addEventListener('abort', wake, { once: true });
      waiting.set(wake, session);
      if (watching === null) void watch((watching = new AbortController()).signal);
      try {
        if (!signal.aborted) await woken.promise;
        signal.throwIfAborted();
      } finally {
        signal.removeEventListener('abort', wake);
        waiting.delete(wake);
        if (waiting.size === 0) {
          watching?.abort();
          watching = null;
        }
      }
    },
  };
}
