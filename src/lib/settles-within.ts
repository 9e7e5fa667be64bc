import { setTimeout as delay } from 'node:timers/promises';

/** True when the promise settles in time, false when the time is over or the signal aborts. The timer is gone either way. */
export async function settlesWithin(promise: Promise<unknown>, ms: number, signal: AbortSignal): Promise<boolean> {
  const over = new AbortController();
  const late = delay(ms, false, { signal: AbortSignal.any([over.signal, signal]) }).catch(() => false);
  try {
    return await Promise.race([promise.then(() => true), late]);
  } finally {
    over.abort();
  }
}
