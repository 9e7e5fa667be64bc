import { setTimeout as delay } from 'node:timers/promises';
import lockfile from 'proper-lockfile';
import { untilAborted } from '../../core/model/words/until-aborted.ts';
import { hasCode } from '../error-code.ts';

/** One writer at a time for each file or folder: in this process by waiting in line, across processes by a lock. */
export interface OneWriter {
  /** The signal ends the wait for its turn; work that has begun is its own to end. */
  run<T>(file: string, work: () => Promise<T>, signal?: AbortSignal): Promise<T>;
}

export interface Lock {
  /** Where it lies; not said: beside the file, where other programs with the same library look for it. */
  readonly pathOf?: (file: string) => string;
  /** A process that was killed holds it for so long. */
  readonly staleMs: number;
  /** Whoever is next in line waits so long for another process; not said: for ever. */
  readonly waitMs?: number;
  /** What is thrown when it cannot be had. */
  readonly refuse: (file: string, cause: unknown) => Error;
}

const AGAIN_MS = 20;

export function createOneWriter(lock: Lock): OneWriter {
  const tails = new Map<string, Promise<unknown>>();
  return {
    run(file, work, signal) {
      const before = tails.get(file) ?? Promise.resolve();
      const turn = orAborted(before, signal).then(() => locked(lock, file, work, signal));
      // Who comes next waits for those before also where this one has gone.
      const tail = Promise.allSettled([before, turn]);
      tails.set(file, tail);
      void tail.then(() => tails.get(file) === tail && tails.delete(file));
      return turn;
    },
  };
}

function orAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  return signal === undefined ? promise : untilAborted(promise, signal);
}

async function locked<T>(lock: Lock, file: string, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  const release = await take(lock, file, signal);
  try {
    return await work();
  } finally {
    // A folder that was removed meanwhile took it along.
    await release().catch(() => {});
  }
}

async function take(
  { pathOf, staleMs, waitMs = Infinity, refuse }: Lock,
  file: string,
  signal?: AbortSignal,
): Promise<() => Promise<void>> {
  for (const until = performance.now() + waitMs; ;) {
    signal?.throwIfAborted();
    try {
      return await lockfile.lock(file, {
        realpath: false,
        ...(pathOf !== undefined && { lockfilePath: pathOf(file) }),
        stale: staleMs,
        // It went with its folder, or to another process while this one stood still. Without this word the library ends
        // the process.
        onCompromised: () => {},
      });
    } catch (error) {
      // On a full disk there must be a way to remove something.
      if (hasCode(error, 'ENOSPC', 'EDQUOT')) return async () => {};
      if (!hasCode(error, 'ELOCKED') || performance.now() > until) throw refuse(file, error);
      await orAborted(delay(AGAIN_MS), signal);
    }
  }
}
