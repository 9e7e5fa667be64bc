import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import lockfile from 'proper-lockfile';
import { GatewayError } from '../../core/model/errors.ts';
import { untilAborted } from '../../core/model/words/until-aborted.ts';

/** One writer at a time for each repository: many `git worktree add` at once fail, and leave their branches behind. */
export interface Lanes {
  /** The signal ends the wait for its turn; work that has begun is its own to end. */
  run<T>(commonDir: string, work: () => Promise<T>, signal?: AbortSignal): Promise<T>;
}

/** A process that was killed holds up a repository for so long, in which what it started has ended as well. */
const STALE_MS = 5_000;
const UPDATE_MS = 1_000;
const AGAIN_MS = 50;
/** Git looks at nothing of this name. */
const LOCK = 'gatehouse-lock';

/** In this process by waiting in line, across processes by a lock in the repository. */
export function createLanes(): Lanes {
  const tails = new Map<string, Promise<unknown>>();
  return {
    run(commonDir, work, signal) {
      const before = tails.get(commonDir) ?? Promise.resolve();
      const turn = orAborted(before, signal).then(() => locked(commonDir, work, signal));
      // Who comes next waits for those before also where this one has gone.
      const tail = Promise.allSettled([before, turn]);
      tails.set(commonDir, tail);
      void tail.then(() => tails.get(commonDir) === tail && tails.delete(commonDir));
      return turn;
    },
  };
}

function orAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  return signal === undefined ? promise : untilAborted(promise, signal);
}

async function locked<T>(commonDir: string, work: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  const release = await lock(commonDir, signal);
  try {
    return await work();
  } finally {
    // A repository that was removed meanwhile took it along.
    await release().catch(() => {});
  }
}

async function lock(commonDir: string, signal: AbortSignal | undefined): Promise<() => Promise<void>> {
  for (;;) {
    signal?.throwIfAborted();
    try {
      return await lockfile.lock(commonDir, {
        realpath: false,
        lockfilePath: path.join(commonDir, LOCK),
        stale: STALE_MS,
        update: UPDATE_MS,
        // It went with the repository, or to another process while this one stood still: git's own locks still keep one
        // step from the other, and what fails at them is undone, or done again, like any other failure.
        onCompromised: () => {},
      });
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // On a full disk there must be a way to remove something.
      if (isFull(error)) return async () => {};
      if (code !== 'ELOCKED') throw refuse(commonDir, error);
      await orAborted(delay(AGAIN_MS), signal);
    }
  }
}

function refuse(commonDir: string, cause: unknown): GatewayError {
  return new GatewayError('not_a_repository', `${path.basename(commonDir)} cannot be written by the agents’ user`, {
    cause,
  });
}

export function isFull(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOSPC' || code === 'EDQUOT';
}

/** Runs at most so many at a time, in the order in which they came. */
export function createLimit(max: number): <T>(work: () => Promise<T>) => Promise<T> {
  let free = max;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next();
    }
  };
}
