import { randomBytes } from 'node:crypto';
import { copyFile, rm } from 'node:fs/promises';
import path from 'node:path';
import type { GitPlace } from './git/git.ts';

/** Lends a copy of the index, so that the worktree's own stays as it is and a lock that was left on it does not matter. */
export async function withOwnIndex<T>(place: GitPlace, work: (index: string) => Promise<T>): Promise<T> {
  const copy = path.join(place.gitDir, `gatehouse-index-${randomBytes(6).toString('hex')}`);
  try {
    await copyFile(path.join(place.gitDir, 'index'), copy).catch((error: NodeJS.ErrnoException) => {
      // Nothing was ever added there.
      if (error.code !== 'ENOENT') throw error;
    });
    return await work(copy);
  } finally {
    await Promise.all([copy, `${copy}.lock`].map((file) => rm(file, { force: true })));
  }
}

export function splitNames(told: string): readonly string[] {
  return told.split('\0').filter(Boolean);
}
