import type { Git } from './git/git.ts';
import { toPlace, unusable, type Repository } from './git/repositories.ts';

export interface Base {
  readonly commit: string;
  readonly defaultBranch: string | null;
}

/** Where a worktree begins: at the remote's default branch as it says now, as it said once, or at what the repository
 *  itself has checked out. @throws GatewayError `not_a_repository` when it has no commit. */
export async function findBase(
  git: Git,
  repository: Repository,
  remote: { readonly name: string; readonly defaultBranch: string | null } | null,
): Promise<Base> {
  const place = toPlace(repository);
  const toCommit = (name: string): Promise<string | null> =>
    git.look(place, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`]);
  if (remote !== null) {
    const known = `refs/remotes/${remote.name}/`;
    const once = await git.look(place, ['symbolic-ref', '--quiet', `${known}HEAD`]);
    const told = [remote.defaultBranch, once?.startsWith(known) === true ? once.slice(known.length) : null];
    for (const defaultBranch of told) {
      const commit = defaultBranch === null ? null : await toCommit(`${known}${defaultBranch}`);
      if (commit !== null) return { commit, defaultBranch };
    }
  }
  const commit = await toCommit('HEAD');
  if (commit === null) throw unusable(repository.repo, 'has no commit at its HEAD yet: make one first');
  const head = await git.look(place, ['symbolic-ref', '--quiet', 'HEAD']);
  return { commit, defaultBranch: head === null ? null : head.replace(/^refs\/heads\//, '') };
}
