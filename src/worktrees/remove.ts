import { chmod, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { GatewayError } from '../core/model/errors.ts';
import type { RemovedWorktree, WorktreeName } from '../core/ports/quick/worktrees.ts';
import { deleteBranch, isElsewhere, readBranch } from './git/branches.ts';
import { findEntry, readEntries, removeEntry, toEntryPlace, type Entry } from './git/entries.ts';
import { checkSessionId, toBranch } from './git/names.ts';
import { toPlace, type Repository } from './git/repositories.ts';
import type { WorktreeParts } from './parts.ts';
import { remoteHas } from './remote/fetch.ts';

/** Each step may find the ones behind it done: by a removal that was cut off. */
export async function removeWorktree(
  parts: WorktreeParts,
  { repo, id }: WorktreeName,
  signal?: AbortSignal,
): Promise<RemovedWorktree> {
  checkSessionId(id);
  const folder = path.join(parts.root, id);
  const repository = await parts.repositories.locate(repo).catch((error: unknown) => {
    // Only the folder can be left of it.
    if (error instanceof GatewayError && error.code === 'repository_not_found') return null;
    throw error;
  });
  if (repository === null) {
    await removeFolder(folder);
    return { keptBranches: [] };
  }
  const { writer } = parts;
  const branch = toBranch(id);
  const far = await askRemote(parts, repository, branch, signal);
  const rescued = await writer.run(repository.commonDir, () => rescueHead(parts, repository, id), signal);
  await removeFolder(folder);
  const forget = async (): Promise<boolean> => {
    for (const entry of await findEntriesOf(repository, folder, id)) await removeEntry(repository, entry);
    return settleBranch(parts, repository, branch, far);
  };
  const isKept = await writer.run(repository.commonDir, forget, signal);
  return { keptBranches: [...(isKept ? [branch] : []), ...rescued] };
}

/** Its own, and what an `add` left that did not come to note its path. */
async function findEntriesOf(repository: Repository, folder: string, id: string): Promise<readonly Entry[]> {
  const isOf = (entry: Entry): boolean => entry.path === folder || (!entry.isWhole && entry.name === id);
  return (await readEntries(repository)).filter(isOf);
}

/** Commits of a HEAD that is on no branch would be lost with the worktree: they get one. A branch of another name that it
 *  is on stays, and is named for what no branch but it and the session's holds. */
async function rescueHead(parts: WorktreeParts, repository: Repository, id: string): Promise<readonly string[]> {
  const { git } = parts;
  const folder = path.join(parts.root, id);
  const entry = await findEntry(repository, folder);
  if (entry === null || !entry.isWhole) return [];
  // The folder may be gone, and is not needed for this.
  const place = { ...toEntryPlace(repository, entry, folder), cwd: repository.root };
  if (entry.head.startsWith('ref: ')) return findOther(parts, repository, entry.head, toBranch(id));
  const head = await git.look(place, ['rev-parse', '--verify', '--quiet', 'HEAD^{commit}']);
  if (head === null) return [];
  // When git cannot tell, nothing may be removed.
  const args = ['rev-list', '--max-count=1', head, '--not', '--branches', '--remotes'];
  if ((await git.ask(place, args, { isRead: true })) === '') return [];
  const branch = `${toBranch(id)}-detached`;
  await git.ask(toPlace(repository), ['update-ref', '--create-reflog', `refs/heads/${branch}`, head]);
  return [branch];
}

async function findOther(
  { git }: WorktreeParts,
  repository: Repository,
  head: string,
  own: string,
): Promise<readonly string[]> {
  const [, branch = own] = /^ref: refs\/heads\/(.+)$/.exec(head) ?? [];
  const commit = branch === own ? null : await readBranch(git, repository, branch);
  return commit === null || (await isElsewhere(git, repository, [own, branch], commit)) ? [] : [branch];
}

/** The commit of a branch that holds something alone, when the remote has it as well. To be asked before the repository's
 *  lane is entered: a remote may take long, and all would wait for it there. */
export async function askRemote(
  { git, remote }: WorktreeParts,
  repository: Repository,
  branch: string,
  signal?: AbortSignal,
): Promise<string | null> {
  const commit = await readBranch(git, repository, branch);
  if (commit === null || (await isElsewhere(git, repository, [branch], commit))) return null;
  return (await remoteHas(git, repository, remote, { branch, commit }, signal)) ? commit : null;
}

/** Deletes the branch unless it holds something alone, or is in use elsewhere. `far`: what the remote has of it. True: it
 *  is kept. Only in the repository's lane: of two branches with the same commit one has to stay. */
export async function settleBranch(
  { git }: WorktreeParts,
  repository: Repository,
  branch: string,
  far: string | null,
): Promise<boolean> {
  const commit = await readBranch(git, repository, branch);
  if (commit === null) return false;
  if (commit !== far && !(await isElsewhere(git, repository, [branch], commit))) return true;
  return !(await deleteBranch(git, repository, branch, commit));
}

/** Also what its owner may not write: an agent may have taken that from itself. */
export async function removeFolder(folder: string): Promise<void> {
  try {
    await rm(folder, { recursive: true, force: true });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EACCES' && code !== 'EPERM' && code !== 'ENOTEMPTY') throw error;
    await openFolders(folder);
    await rm(folder, { recursive: true, force: true });
  }
}

async function openFolders(folder: string): Promise<void> {
  await chmod(folder, 0o700).catch(() => {});
  const inside = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of inside) if (entry.isDirectory()) await openFolders(path.join(folder, entry.name));
}
