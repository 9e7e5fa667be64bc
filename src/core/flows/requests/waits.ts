import type { RequestRecord } from '../../model/request.ts';
import { hasEnded } from '../../model/request.ts';

/** Wakes those who wait for the end of a request in this process. */
export interface Waits {
  /** Resolves with the request when it has ended, or as it stands when the signal aborts; null when unknown. */
  forEnd(id: string, read: () => Promise<RequestRecord | null>, signal: AbortSignal): Promise<RequestRecord | null>;
  ended(id: string): void;
}

export function createWaits(): Waits {
  const waiting = new Map<string, Set<() => void>>();

  return {
    async forEnd(id, read, signal) {
      const woken = Promise.withResolvers<void>();
      const wake = (): void => woken.resolve();
      const all = waiting.get(id) ?? new Set();
      // Listening before the first look: an end between the two wakes us.
      waiting.set(id, all.add(wake));
      signal.addEventListener('abort', wake, { once: true });
      try {
        const first = await read();
        if (first === null || hasEnded(first.state) || signal.aborted) return first;
        await woken.promise;
        return await read();
      } finally {
        signal.removeEventListener('abort', wake);
        all.delete(wake);
        if (all.size === 0 && waiting.get(id) === all) waiting.delete(id);
      }
    },

    ended(id) {
      for (const wake of waiting.get(id) ?? []) wake();
    },
  };
}
