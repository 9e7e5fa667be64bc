import { GatewayError } from '../core/model/errors.ts';
import type { PublishedBranch, WorktreeName } from '../core/ports/quick/worktrees.ts';
import { findBase } from './base.ts';
import { toReason } from './git/git.ts';
import { toBranch } from './git/names.ts';
import { toPlace } from './git/repositories.ts';
import { openWorktree } from './open.ts';
import type { WorktreeParts } from './parts.ts';
import { openPullRequest } from './remote/pull-request.ts';
import { findRemote, toCall, toFarProgram } from './remote/remotes.ts';

const PUSH = [
  ...['push', '--porcelain', '--no-verify', '--no-follow-tags', '--no-signed', '--recurse-submodules=no'],
  ...['--no-force', '--no-mirror', '--no-prune', '--no-tags'],
];

export async function publishWorktree(
  parts: WorktreeParts,
  name: WorktreeName,
  words: { readonly title: string; readonly body: string },
  signal: AbortSignal,
): Promise<PublishedBranch> {
  const { git, writer } = parts;
  const { repository, place: inside } = await openWorktree(parts, name);
  const place = toPlace(repository);
  const branch = toBranch(name.id);
  // Where the work is: its agent may have gone to a branch of another name, or to none.
  const commit = await git.ask(inside, ['rev-parse', '--verify', 'HEAD^{commit}'], { signal, isRead: true });
  const remote = await findRemote(git, repository);
  if (remote === null) throw new GatewayError('no_remote', `${name.repo} has no remote to publish to`);
  if (typeof remote === 'string') throw new GatewayError('no_remote', `${name.repo}: ${remote}`);
  const { pushUrl } = remote;
  const call = { ...(await toCall(git, pushUrl, parts.remote)), signal };
  const far = [`--receive-pack=${toFarProgram(pushUrl, 'receive-pack')}`, '--', pushUrl.url];
  const pushed = await git.run(place, [...PUSH, ...far, `${commit}:refs/heads/${branch}`], call);
  signal.throwIfAborted();
  if (pushed.code !== 0 || pushed.ended !== 'itself') {
    const why = toRejection(pushed.stdout.toString()) ?? toReason(pushed);
    throw new GatewayError('remote_failed', `The remote of ${name.repo} did not take ${branch}: ${why}`, {
      retry: 'later',
    });
  }
  // As a push to the remote by its name would note it.
  const note = ['update-ref', `refs/remotes/${remote.name}/${branch}`, commit];
  await writer.run(repository.commonDir, () => git.ask(place, note), signal);
  const { defaultBranch } = await findBase(git, repository, { name: remote.name, defaultBranch: null });
  const request = { url: pushUrl.url, branch, into: defaultBranch, ...words };
  return { branch, commit, ...(await openPullRequest(parts, request, signal)) };
}

/** `!`, the refs, and why in words: of `--porcelain`. */
function toRejection(told: string): string | null {
  return /^!\t[^\t]*\t(.*)$/m.exec(told)?.[1] ?? null;
}
