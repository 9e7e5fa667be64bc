import { rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { WorktreeCommit, WorktreeName } from '../core/ports/quick/worktrees.ts';
import { exists } from './git/entries.ts';
import type { Git, GitCall, GitPlace } from './git/git.ts';
import { openWorktree } from './open.ts';
import { splitNames, withOwnIndex } from './own-index.ts';
import type { WorktreeParts } from './parts.ts';

/** Step by step instead of `add` and `commit`: those start git in repositories inside of this one, and add nothing at all
 *  beside one that has no commit. */
export async function commitWorktree(
  parts: WorktreeParts,
  name: WorktreeName,
  message: string,
  signal: AbortSignal,
): Promise<WorktreeCommit> {
  const { git } = parts;
  const { repository, place } = await openWorktree(parts, name);
  return withOwnIndex(place, async (index) => {
    const call: GitCall = { index, signal };
    const skipped = await enterAll(git, place, call);
    // It writes the index, and looks into files that changed too soon after they were entered for their time to tell.
    const tree = await git.ask(place, ['write-tree'], { ...call, touchesFiles: true });
    const head = await git.ask(place, ['rev-parse', '--verify', 'HEAD^{commit}'], { signal, isRead: true });
    const merged = await git.look(place, ['rev-parse', '--verify', '--quiet', 'MERGE_HEAD^{commit}'], { signal });
    const isNew =
      merged !== null || tree !== (await git.ask(place, ['rev-parse', '--verify', 'HEAD^{tree}'], { signal }));
    if (!isNew) return { commit: null, skipped };
    const parents = [head, ...(merged === null ? [] : [merged])].flatMap((parent) => ['-p', parent]);
    const commit = await git.ask(place, ['commit-tree', tree, ...parents, '-F', '-'], {
      signal,
      input: `${message}\n`,
    });
    const enter = async (): Promise<void> => {
      await git.ask(place, ['update-ref', '-m', 'commit: by the gateway', 'HEAD', commit, head]);
      await conclude(place);
    };
    await parts.writer.run(repository.commonDir, enter, signal);
    await adopt(place, index);
    return { commit, skipped };
  });
}

/** Enters what was changed, deleted or added. Returns the repositories inside, which stay out. */
async function enterAll(git: Git, place: GitPlace, call: GitCall): Promise<readonly string[]> {
  const reading = { ...call, isRead: true };
  const changed = await git.ask(place, ['diff-files', '-z', '--name-only', '--ignore-submodules=all'], {
    ...reading,
    touchesFiles: true,
  });
  const unknown = await git.ask(place, ['ls-files', '-z', '--others', '--exclude-standard'], reading);
  const links = await git.ask(place, ['ls-files', '-z', '--stage'], reading);
  const names = new Set([...splitNames(changed), ...splitNames(unknown)]);
  const inside = splitNames(links).flatMap((line) =>
    line.startsWith('160000 ') ? [line.slice(line.indexOf('\t') + 1)] : [],
  );
  const skipped = [...names].filter((name) => name.endsWith('/'));
  const input = [...names]
    .filter((name) => !name.endsWith('/') && !inside.includes(name))
    .map((name) => `${name}\0`)
    .join('');
  if (input !== '')
    await git.ask(place, ['update-index', '-z', '--add', '--remove', '--stdin'], {
      ...call,
      input,
      touchesFiles: true,
    });
  return [...skipped.map((name) => name.slice(0, -1)), ...inside];
}

/** What was being merged or picked is in the commit: the next one is to have no part of it. */
const UNDER_WAY = [
  ...['MERGE_HEAD', 'MERGE_MSG', 'MERGE_MODE', 'MERGE_RR', 'AUTO_MERGE', 'SQUASH_MSG'],
  ...['CHERRY_PICK_HEAD', 'REVERT_HEAD'],
];

async function conclude({ gitDir }: GitPlace): Promise<void> {
  await Promise.all(UNDER_WAY.map((name) => rm(path.join(gitDir, name), { force: true })));
}

/** The worktree's index becomes the one that was committed, unless somebody else is at it. */
async function adopt({ gitDir }: GitPlace, index: string): Promise<void> {
  const own = path.join(gitDir, 'index');
  if (!(await exists(`${own}.lock`))) await rename(index, own).catch(() => {});
}
