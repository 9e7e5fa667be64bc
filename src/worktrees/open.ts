import { lstat } from 'node:fs/promises';
import path from 'node:path';
import type { WorktreeName } from '../core/ports/quick/worktrees.ts';
import { findEntry, toEntryPlace } from './git/entries.ts';
import type { GitPlace } from './git/git.ts';
import { checkSessionId, noWorktree } from './git/names.ts';
import type { Repository } from './git/repositories.ts';
import type { WorktreeParts } from './parts.ts';

export interface OpenWorktree {
  readonly repository: Repository;
  readonly path: string;
  /** Git works there with the entry that the repository has of it. */
  readonly place: GitPlace;
}

/** @throws GatewayError `not_found` */
export async function openWorktree(parts: WorktreeParts, name: WorktreeName): Promise<OpenWorktree> {
  checkSessionId(name.id);
  const repository = await parts.repositories.locate(name.repo);
  const folder = path.join(parts.root, name.id);
  const entry = await findEntry(repository, folder);
  // A link in its place would have git work elsewhere.
  const isFolder = (await lstat(folder).catch(() => null))?.isDirectory() === true;
  if (entry === null || !entry.isWhole || !isFolder) throw noWorktree(name);
  return { repository, path: folder, place: toEntryPlace(repository, entry, folder) };
}
