import { lstat, readdir, readFile, rm, rmdir } from 'node:fs/promises';
import path from 'node:path';
import type { GitPlace } from './git.ts';
import type { Repository } from './repositories.ts';

/** What a repository knows of one worktree: a folder of `worktrees` in it. */
export interface Entry {
  /** Made by git from the last part of the path, and not always equal to it. */
  readonly name: string;
  readonly dir: string;
  /** Of the worktree; null when that was never written. */
  readonly path: string | null;
  /** As it is written: `ref: refs/heads/…`, or a commit. */
  readonly head: string;
  /** False: `git worktree add` did not come to its end. */
  readonly isWhole: boolean;
}

export async function readEntries({ commonDir }: Repository): Promise<readonly Entry[]> {
  const folder = path.join(commonDir, 'worktrees');
  const names = await readdir(folder).catch(() => []);
  return Promise.all(names.map((name) => readEntry(path.join(folder, name), name)));
}

async function readEntry(dir: string, name: string): Promise<Entry> {
  const [gitdir = '', commondir = '', head = '', locked = ''] = await Promise.all(
    ['gitdir', 'commondir', 'HEAD', 'locked'].map(async (file) =>
      (await readFile(path.join(dir, file), 'utf8').catch(() => '')).trim(),
    ),
  );
  const isBegun = locked === 'initializing' || /^0+$/.test(head);
  return {
    name,
    dir,
    path: gitdir === '' ? null : path.dirname(path.resolve(dir, gitdir)),
    head,
    isWhole: gitdir !== '' && commondir !== '' && head !== '' && !isBegun,
  };
}

export async function findEntry(repository: Repository, worktree: string): Promise<Entry | null> {
  return (await readEntries(repository)).find((entry) => entry.path === worktree) ?? null;
}

/** Whatever the `.git` file of the worktree says now. */
export function toEntryPlace({ commonDir }: Repository, { dir }: Entry, worktree: string): GitPlace {
  return { cwd: worktree, gitDir: dir, worktree: { path: worktree, commonDir } };
}

/** As `git worktree remove` does it, but for states in which that refuses. */
export async function removeEntry({ commonDir }: Repository, { dir }: Entry): Promise<void> {
  await rm(dir, { recursive: true, force: true });
  await rmdir(path.join(commonDir, 'worktrees')).catch(() => {});
}

export function exists(file: string): Promise<boolean> {
  return lstat(file).then(
    () => true,
    () => false,
  );
}
