import { GatewayError } from '../../core/model/errors.ts';
import { isQuickId } from '../../core/model/quick/session.ts';
import type { WorktreeName } from '../../core/ports/quick/worktrees.ts';

/** No blanks, no separators, nothing that a program takes for an option or the system for another folder. */
const PART = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,99}$/;

export interface RepositoryName {
  readonly owner: string;
  readonly name: string;
}

/** `owner/name`; one `.git` at its end is left out.
 *  @throws GatewayError `invalid_field` (field `repo`) */
export function parseRepositoryName(repo: string): RepositoryName {
  const [owner = '', full = '', ...more] = repo.split('/');
  const name = full.replace(/\.git$/, '');
  const isName = more.length === 0 && [owner, name].every((part) => PART.test(part)) && !/\.(git|lock)$/.test(name);
  if (isName) return { owner, name };
  const must = 'letters, digits, _, . and - only, and both begin with a letter, a digit or _';
  throw new GatewayError('invalid_field', `repo: must be owner/name, of ${must}`, { field: 'repo' });
}

/** What sessions are named by, and nothing else: whatever looks like it may be swept. */
export function isSessionId(id: string): boolean {
  return isQuickId(id);
}

/** @throws GatewayError `invalid_field` (field `id`) */
export function checkSessionId(id: string): void {
  if (!isSessionId(id)) throw new GatewayError('invalid_field', 'id: must be quick- and digits', { field: 'id' });
}

const BRANCHES = 'quick/';

export function toBranch(id: string): string {
  return `${BRANCHES}${id}`;
}

/** Null: not of a session. */
export function toSession(branch: string): string | null {
  const id = branch.startsWith(BRANCHES) ? branch.slice(BRANCHES.length) : '';
  return isSessionId(id) ? id : null;
}

export function noWorktree({ repo, id }: WorktreeName): GatewayError {
  return new GatewayError('not_found', `There is no worktree ${id} of ${repo}`);
}
