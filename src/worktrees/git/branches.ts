import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { readEntries } from './entries.ts';
import { check, type Git } from './git.ts';
import { toPlace, type Repository } from './repositories.ts';

export interface SessionBranch {
  readonly branch: string;
  readonly commit: string;
  /** Where it is checked out; null: nowhere. */
  readonly worktree: string | null;
}

export async function readBranch(git: Git, repository: Repository, branch: string): Promise<string | null> {
  const args = ['rev-parse', '--verify', '--quiet', `refs/heads/${branch}`];
  const result = await git.run(toPlace(repository), args, { isRead: true });
  if (result.code === 1) return null;
  check(result, args);
  return result.stdout.toString().trim();
}

/** Those below `quick/`. */
export async function listBranches(git: Git, repository: Repository): Promise<readonly SessionBranch[]> {
  const format = '%(refname:lstrip=2)%00%(objectname)%00%(worktreepath)';
  const told = await git.ask(toPlace(repository), ['for-each-ref', `--format=${format}`, 'refs/heads/quick/'], {
    isRead: true,
  });
  return told
    .split('\n')
    .filter(Boolean)
    .map((line) => {
      const [branch = '', commit = '', worktree = ''] = line.split('\0');
      return { branch, commit, worktree: worktree === '' ? null : worktree };
    });
}

/** Whether something else in the repository leads to the commit: a branch that is none of these, one of a remote but for
 *  theirs there, which may be gone, or what is checked out. A branch itself is never counted: that would delete work. */
export async function isElsewhere(
  git: Git,
  repository: Repository,
  branches: readonly string[],
  commit: string,
): Promise<boolean> {
  const place = toPlace(repository);
  const [own, far] = ['', '*/'].map((before) => branches.map((branch) => `--exclude=${before}${branch}`));
  const others = [...(own ?? []), '--branches', ...(far ?? []), '--remotes'];
  const alone = await git.ask(place, ['rev-list', '--max-count=1', commit, '--not', ...others], { isRead: true });
  if (alone === '') return true;
  return (await git.run(place, ['merge-base', '--is-ancestor', commit, 'HEAD'], { isRead: true })).code === 0;
}

/** With its settings and its history. False: it is in use, or at another commit by now. */
export async function deleteBranch(git: Git, repository: Repository, branch: string, commit: string): Promise<boolean> {
  if (await isInUse(git, repository, branch)) return false;
  const place = toPlace(repository);
  // An agent may have made it a link to another branch, which is to stay.
  const args = ['update-ref', '--no-deref', '-d', `refs/heads/${branch}`, commit];
  const result = await git.run(place, args);
  if (result.code !== 0) {
    const now = await readBranch(git, repository, branch);
    if (now !== commit) return now === null;
  }
  check(result, args);
  // Most have none, which is told as a failure.
  await git.run(place, ['config', '--local', '--remove-section', `branch.${branch}`]);
  return true;
}

/** Git names the branch in these while it is rebased or bisected, and so checked out nowhere. */
const NAMED_IN = ['rebase-merge/head-name', 'rebase-apply/head-name', 'BISECT_START'];

async function isInUse(git: Git, repository: Repository, branch: string): Promise<boolean> {
  const ref = `refs/heads/${branch}`;
  const args = ['for-each-ref', '--format=%(worktreepath)', ref];
  if ((await git.ask(toPlace(repository), args, { isRead: true })) !== '') return true;
  const folders = [repository.commonDir, ...(await readEntries(repository)).map(({ dir }) => dir)];
  const files = folders.flatMap((folder) => NAMED_IN.map((name) => path.join(folder, name)));
  const named = await Promise.all(files.map((file) => readFile(file, 'utf8').catch(() => '')));
  return named.some((name) => [ref, branch].includes(name.trim()));
}
