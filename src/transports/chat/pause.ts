import { setTimeout as delay } from 'node:timers/promises';

/** Waits; resolves early when the signal aborts. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch(() => {});
}

/** From one try to the next while something stays wrong. */
export function createBackoff(firstMs: number, longestMs: number): { next(): number; reset(): void } {
  let ms = firstMs;
  return {
    next() {
      const now = ms;
      ms = Math.min(ms * 2, longestMs);
      return now;
    },
    reset: () => void (ms = firstMs),
  };
}
