import path from 'node:path';
import { GatewayError } from '../core/model/errors.ts';
import { untilAborted } from '../core/model/words/until-aborted.ts';
import type { AddedWorktree, FetchOutcome, WorktreeName } from '../core/ports/quick/worktrees.ts';
import { findBase, type Base } from './base.ts';
import { exists, findEntry, toEntryPlace } from './git/entries.ts';
import { check } from './git/git.ts';
import { checkSessionId, toBranch } from './git/names.ts';
import { checkFormat, toPlace, unusable, type Repository } from './git/repositories.ts';
import type { WorktreeParts } from './parts.ts';
import { fetchRemote } from './remote/fetch.ts';
import { removeWorktree } from './remove.ts';
import { checkSpace, isDiskFull, measureTree, noSpace, type TreeSize } from './space.ts';

/** Both that start at once and that start while the remote is asked share the answer. */
interface Prepared extends Base {
  readonly fetch: FetchOutcome;
  readonly size: TreeSize;
}

export function createAdd(parts: WorktreeParts): (name: WorktreeName, signal: AbortSignal) => Promise<AddedWorktree> {
  const preparing = new Map<string, Promise<Prepared>>();

  function prepare(repository: Repository): Promise<Prepared> {
    const { commonDir } = repository;
    const underWay = preparing.get(commonDir);
    if (underWay !== undefined) return underWay;
    const begun = prepareOnce(parts, repository).finally(() => preparing.delete(commonDir));
    preparing.set(commonDir, begun);
    return begun;
  }

  return async ({ repo, id }, signal) => {
    checkSessionId(id);
    const repository = await parts.repositories.locate(repo);
    const target = path.join(parts.root, id);
    // Others may wait for the same, so it goes on to its own deadline.
    const prepared = await untilAborted(prepare(repository), signal);
    await checkSpace([parts.root, repository.commonDir], prepared.size, parts.reserveBytes);
    await make(parts, repository, { id, path: target, commit: prepared.commit, signal });
    const { commit: base, defaultBranch, fetch } = prepared;
    return { path: target, branch: toBranch(id), base, defaultBranch, fetch };
  };
}

async function prepareOnce(parts: WorktreeParts, repository: Repository): Promise<Prepared> {
  const { git, remote: settings } = parts;
  await checkFormat(git, repository);
  const { outcome, remote, defaultBranch } = await fetchRemote(parts, repository, settings);
  const base = await findBase(git, repository, remote === null ? null : { name: remote.name, defaultBranch });
  return { ...base, fetch: outcome, size: await measureTree(git, repository, base.commit) };
}

interface Making {
  readonly id: string;
  readonly path: string;
  readonly commit: string;
  readonly signal: AbortSignal;
}

/** All of it, or nothing. */
async function make(parts: WorktreeParts, repository: Repository, making: Making): Promise<void> {
  const { writer, checkouts } = parts;
  let isBegun = false;
  try {
    await writer.run(
      repository.commonDir,
      async () => {
        making.signal.throwIfAborted();
        await makeBranch(parts, repository, making);
        isBegun = true;
        await register(parts, repository, making);
      },
      making.signal,
    );
    await checkouts(() => checkOut(parts, repository, making));
  } catch (error) {
    const isFull = await isDiskFull([parts.root, repository.commonDir]);
    // What cannot be undone now is swept later; people are told why it failed.
    if (isBegun) await removeWorktree(parts, { repo: repository.repo, id: making.id }).catch(() => {});
    making.signal.throwIfAborted();
    throw isFull ? noSpace('The disk was full before the worktree was made', error) : error;
  }
}

/** First and alone, so that it is never one that was there. */
async function makeBranch({ git }: WorktreeParts, repository: Repository, { id, path, commit }: Making): Promise<void> {
  const { repo } = repository;
  const taken = (cause?: unknown): GatewayError =>
    new GatewayError('worktree_exists', `The session ${id} has left a folder or a branch of ${repo}`, { cause });
  if (await exists(path)) throw taken();
  const none = '0'.repeat(commit.length);
  const args = ['update-ref', '--create-reflog', `refs/heads/${toBranch(id)}`, commit, none];
  const result = await git.run(toPlace(repository), args);
  if (/reference already exists/.test(result.stderr)) throw taken();
  if (/refs\/heads\/quick' exists/.test(result.stderr))
    throw unusable(repo, 'has a branch named quick, beside which git can make no quick/…: rename it');
  check(result, args);
}

async function register({ git }: WorktreeParts, repository: Repository, { id, path, signal }: Making): Promise<void> {
  const args = ['worktree', 'add', '--quiet', '--no-checkout', '--', path, toBranch(id)];
  await git.ask(toPlace(repository), args, { signal });
}

async function checkOut({ git }: WorktreeParts, repository: Repository, making: Making): Promise<void> {
  const entry = await findEntry(repository, making.path);
  if (entry === null) throw new GatewayError('git_failed', `git worktree add left no entry for ${making.id}`);
  await git.ask(toEntryPlace(repository, entry, making.path), ['reset', '--hard', '--quiet', making.commit, '--'], {
    touchesFiles: true,
    signal: making.signal,
  });
}
