import type { FetchOutcome } from '../../core/ports/quick/worktrees.ts';
import { toReason, type Git } from '../git/git.ts';
import type { OneWriter } from '../../lib/files/one-writer.ts';
import { toPlace, type Repository } from '../git/repositories.ts';
import { findRemote, toCall, toFarProgram, type Remote, type RemoteSettings } from './remotes.ts';

export interface Fetched {
  readonly outcome: FetchOutcome;
  readonly remote: Remote | null;
  /** The remote's default branch, as it said just now; null when it did not. */
  readonly defaultBranch: string | null;
}

/** Brings the branches of the remote up to date and asks for its default branch: an earlier answer to that is kept by
 *  git for good. Never rejects for what a remote can do. */
export async function fetchRemote(
  { git, writer }: { readonly git: Git; readonly writer: OneWriter },
  repository: Repository,
  settings: RemoteSettings,
): Promise<Fetched> {
  const remote = await findRemote(git, repository);
  if (remote === null) return { outcome: { kind: 'no_remote' }, remote: null, defaultBranch: null };
  if (typeof remote === 'string')
    return { outcome: { kind: 'failed', error: remote }, remote: null, defaultBranch: null };
  const call = await toCall(git, remote.fetchUrl, settings);
  const place = toPlace(repository);
  const [asked, fetched] = await Promise.all([
    git.run(place, ['ls-remote', '--symref', ...toFar(remote), 'HEAD'], call),
    // It reads the HEAD of every worktree, and fails at one that is just being made.
    writer.run(repository.commonDir, () => git.run(place, ['fetch', ...FETCH, ...toFar(remote), toRefs(remote)], call)),
  ]);
  const [, defaultBranch = null] = /^ref: refs\/heads\/(\S+)\tHEAD$/m.exec(asked.stdout.toString()) ?? [];
  const isFetched = fetched.code === 0 && fetched.ended === 'itself';
  const outcome: FetchOutcome = isFetched ? { kind: 'fetched' } : { kind: 'failed', error: toReason(fetched) };
  return { outcome, remote, defaultBranch };
}

/** Nothing of a checkout is changed: not its branches, its tags, nor what it fetched last. */
const FETCH = [
  ...['--quiet', '--no-tags', '--no-prune', '--no-prune-tags', '--no-write-fetch-head', '--no-auto-maintenance'],
  ...['--no-recurse-submodules', '--refmap='],
];

function toFar({ fetchUrl }: Remote): readonly string[] {
  return [`--upload-pack=${toFarProgram(fetchUrl, 'upload-pack')}`, '--', fetchUrl.url];
}

/** A bare clone has no rule of its own for this. */
function toRefs({ name }: Remote): string {
  return `+refs/heads/*:refs/remotes/${name}/*`;
}

/** Whether the remote has this commit at this branch now. False when it does not answer. */
export async function remoteHas(
  git: Git,
  repository: Repository,
  settings: RemoteSettings,
  what: { readonly branch: string; readonly commit: string },
  signal?: AbortSignal,
): Promise<boolean> {
  const remote = await findRemote(git, repository);
  if (remote === null || typeof remote === 'string') return false;
  const args = ['ls-remote', ...toFar(remote), `refs/heads/${what.branch}`];
  const call = { ...(await toCall(git, remote.fetchUrl, settings)), signal };
  const { code, ended, stdout } = await git.run(toPlace(repository), args, call);
  signal?.throwIfAborted();
  return code === 0 && ended === 'itself' && stdout.toString().startsWith(`${what.commit}\t`);
}
