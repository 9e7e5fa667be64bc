import { once } from 'node:events';
import { watch, type FSWatcher } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** Where the system tells of no change, as on a file system of another machine, or with its watchers used up. */
const LOOK_EVERY_MS = 250;
const UNWATCHED_LOOK_MS = 10;

/** Looks now, and again when this file or folder changes, until a look finds something. Null: none did before `late`. */
export async function untilFound<T>(
  watched: string,
  look: () => Promise<T | null>,
  late: AbortSignal,
): Promise<T | null> {
  const watcher = openWatcher(watched);
  try {
    for (;;) {
      // Listening before the look: a change between the two is heard.
      const stop = new AbortController();
      const changed = untilChanged(watcher, AbortSignal.any([late, stop.signal]));
      const found = await look().catch((error: unknown) => {
        stop.abort();
        throw error;
      });
      if (found !== null || late.aborted) {
        stop.abort();
        return found;
      }
      await changed;
      stop.abort();
    }
  } finally {
    watcher?.close();
  }
}

function openWatcher(watched: string): FSWatcher | null {
  try {
    // Another error than of a look that waits must not end this process.
    return watch(watched).on('error', () => {});
  } catch {
    return null;
  }
}

/** Resolves at a change, after a while without one, or when the signal aborts. */
async function untilChanged(watcher: FSWatcher | null, signal: AbortSignal): Promise<void> {
  const rest = delay(watcher === null ? UNWATCHED_LOOK_MS : LOOK_EVERY_MS, undefined, { signal });
  const change = watcher === null ? rest : once(watcher, 'change', { signal });
  await Promise.race([rest, change]).catch(() => {});
  rest.catch(() => {});
  change.catch(() => {});
}
