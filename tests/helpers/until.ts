import { setTimeout as delay } from 'node:timers/promises';

const FIRST_PAUSE_MS = 5;
/** A look may cost a process, which takes its time from what is waited for. */
const LONGEST_PAUSE_MS = 50;

/** Resolves with the first value of `check` that is not null, undefined or false; rejects when the deadline passes, which is
 *  there to find what never comes, and far off for a busy machine. */
export async function until<T>(
  check: () => T | Promise<T>,
  deadlineMs = 60_000,
): Promise<Exclude<T, null | undefined | false>> {
  const end = performance.now() + deadlineMs;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 1.5, LONGEST_PAUSE_MS)) {
    const value = await check();
    if (value !== null && value !== undefined && value !== false) return value as Exclude<T, null | undefined | false>;
    if (performance.now() > end) throw new Error(`not so within ${deadlineMs} ms: ${check.toString()}`);
    await delay(pauseMs);
  }
}
