import { readdir, readFile, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { SweptWorktrees } from '../core/ports/quick/worktrees.ts';
import { listBranches } from './git/branches.ts';
import { readEntries, removeEntry } from './git/entries.ts';
import { isSessionId, toSession } from './git/names.ts';
import type { Repository } from './git/repositories.ts';
import type { WorktreeParts } from './parts.ts';
import { askRemote, removeFolder, removeWorktree, settleBranch } from './remove.ts';

interface Sweep {
  /** It is somebody's. */
  readonly isKnown: (id: string) => boolean;
  readonly signal: AbortSignal;
}

interface Swept {
  readonly removed: Set<string>;
  readonly kept: SweptWorktrees['kept'][number][];
  readonly failed: SweptWorktrees['failed'][number][];
}

export async function sweepWorktrees(parts: WorktreeParts, sweep: Sweep): Promise<SweptWorktrees> {
  const swept: Swept = { removed: new Set(), kept: [], failed: [] };
  for (const found of await parts.repositories.all()) {
    try {
      if ('error' in found) throw found.error;
      await sweepRepository(parts, found, sweep, swept);
    } catch (error) {
      sweep.signal.throwIfAborted();
      swept.failed.push({ repo: found.repo, error: toWords(error) });
    }
  }
  await sweepFolders(parts, sweep, swept);
  return { ...swept, removed: [...swept.removed] };
}

async function sweepRepository(
  parts: WorktreeParts,
  repository: Repository,
  { isKnown, signal }: Sweep,
  swept: Swept,
): Promise<void> {
  if (!(await mayHoldSessions(repository))) return;
  const { repo, commonDir } = repository;
  // Git fails at these for all of the repository, so they go first.
  const mend = async (): Promise<void> => {
    await removeOldLocks(repository);
    for (const entry of await readEntries(repository)) {
      if (entry.isWhole || !isSessionId(entry.name) || isKnown(entry.name)) continue;
      await removeEntry(repository, entry);
      swept.removed.add(entry.name);
    }
  };
  await parts.writer.run(commonDir, mend, signal);
  const keep = (branch: string): void => void swept.kept.push({ repo, branch });
  for (const entry of await readEntries(repository)) {
    const id = toOwnId(parts, entry.path);
    if (id === null || isKnown(id)) continue;
    (await removeWorktree(parts, { repo, id }, signal)).keptBranches.forEach(keep);
    swept.removed.add(id);
  }
  for (const { branch, worktree } of await listBranches(parts.git, repository)) {
    const id = toSession(branch);
    if (
      id === null ||
      worktree !== null ||
      isKnown(id) ||
      swept.kept.some((one) => one.branch === branch && one.repo === repo)
    )
      continue;
    const far = await askRemote(parts, repository, branch, signal);
    if (await parts.writer.run(commonDir, () => settleBranch(parts, repository, branch, far), signal)) keep(branch);
    else swept.removed.add(id);
  }
}

/** Most repositories never had a session: git is not asked about those. */
async function mayHoldSessions({ commonDir }: Repository): Promise<boolean> {
  const [entries, loose, packed] = await Promise.all([
    readdir(path.join(commonDir, 'worktrees')).catch(() => []),
    readdir(path.join(commonDir, 'refs', 'heads', 'quick')).catch(() => []),
    readFile(path.join(commonDir, 'packed-refs'), 'utf8').catch(() => ''),
  ]);
  return entries.length > 0 || loose.length > 0 || packed.includes(' refs/heads/quick/');
}

function toOwnId({ root }: WorktreeParts, worktree: string | null): string | null {
  if (worktree === null || path.dirname(worktree) !== root) return null;
  const id = path.basename(worktree);
  return isSessionId(id) ? id : null;
}

/** No git holds one of these for so long; what held it was killed. The index of a checkout is its owner's. */
const LOCK_OLD_MS = 600_000;

async function removeOldLocks({ commonDir }: Repository): Promise<void> {
  const folders = ['.', 'refs/heads/quick', 'refs/remotes/origin/quick'];
  for (const folder of folders) {
    const names = await readdir(path.join(commonDir, folder)).catch(() => []);
    for (const name of names.filter((one) => one.endsWith('.lock') && one !== 'index.lock' && one !== 'HEAD.lock')) {
      const file = path.join(commonDir, folder, name);
      const { mtimeMs } = await stat(file).catch(() => ({ mtimeMs: Infinity }));
      if (Date.now() - mtimeMs > LOCK_OLD_MS) await rm(file, { force: true });
    }
  }
}

/** Folders that no repository knows: an `add` or a removal was cut off, or their repository is gone. */
async function sweepFolders(parts: WorktreeParts, { isKnown, signal }: Sweep, swept: Swept): Promise<void> {
  for (const id of await readdir(parts.root).catch(() => [])) {
    signal.throwIfAborted();
    if (!isSessionId(id) || isKnown(id)) continue;
    try {
      await removeFolder(path.join(parts.root, id));
      swept.removed.add(id);
    } catch (error) {
      swept.failed.push({ repo: null, error: toWords(error) });
    }
  }
}

function toWords(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
