import { setTimeout as delay } from 'node:timers/promises';

/** Resolves with the first value of `check` that is not null, undefined or false; rejects when the deadline passes. */
export async function until<T>(
  check: () => T | Promise<T>,
  deadlineMs = 20_000,
): Promise<Exclude<T, null | undefined | false>> {
  const end = performance.now() + deadlineMs;
  for (;;) {
    const value = await check();
    if (value !== null && value !== undefined && value !== false) return value as Exclude<T, null | undefined | false>;
    if (performance.now() > end) throw new Error(`not so within ${deadlineMs} ms: ${check.toString()}`);
    await delay(10);
  }
}
