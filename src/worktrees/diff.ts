import type { ChangedFile, WorktreeDiff, WorktreeName } from '../core/ports/quick/worktrees.ts';
import { findBase } from './base.ts';
import { check, type Git, type GitCall, type GitPlace } from './git/git.ts';
import { openWorktree, type OpenWorktree } from './open.ts';
import { splitNames, withOwnIndex } from './own-index.ts';
import type { WorktreeParts } from './parts.ts';
import { findRemote } from './remote/remotes.ts';

/** Names of files that git tells; more are left out. */
const FILES_MAX = 2_000;
const NAMES_MAX_BYTES = 4 * 1024 * 1024;

export async function diffWorktree(
  parts: WorktreeParts,
  of: WorktreeName & { readonly base: string },
  maxBytes: number,
  signal: AbortSignal,
): Promise<WorktreeDiff> {
  const { git } = parts;
  const opened = await openWorktree(parts, of);
  const base = await findDiffBase(git, opened, of.base);
  return withOwnIndex(opened.place, async (index) => {
    const call: GitCall = { index, signal, touchesFiles: true };
    const isAllKnown = await noteUntracked(git, opened.place, call);
    const names = await tell(git, opened.place, ['--name-status', '-z', '--find-renames', '-l200', base], {
      ...call,
      maxBytes: NAMES_MAX_BYTES,
    });
    const files = parseNames(names.text, names.isCut);
    const text = await tell(git, opened.place, ['--no-renames', '--unified=3', base], { ...call, maxBytes });
    return {
      base,
      files: files.slice(0, FILES_MAX),
      text: text.isCut ? text.text.slice(0, text.text.lastIndexOf('\n') + 1) : text.text,
      isTruncated: text.isCut || names.isCut || files.length > FILES_MAX || !isAllKnown,
    };
  });
}

/** A branch that took in newer commits of the default branch is compared with the last of those: they are not its own. */
async function findDiffBase(git: Git, { repository, place }: OpenWorktree, base: string): Promise<string> {
  const remote = await findRemote(git, repository);
  const known = remote === null || typeof remote === 'string' ? null : { name: remote.name, defaultBranch: null };
  const { commit } = await findBase(git, repository, known);
  const shared = await git.look(place, ['merge-base', commit, 'HEAD']);
  if (shared === null || shared === base) return base;
  const head = await git.look(place, ['rev-parse', '--verify', 'HEAD^{commit}']);
  const isLater = (await git.run(place, ['merge-base', '--is-ancestor', base, shared], { isRead: true })).code === 0;
  // All of it is in the default branch by now: it still has its own.
  return isLater && shared !== head ? shared : base;
}

/** Enters files that git does not know as empty ones: their contents are then read as those of changed files. False: not
 *  all of them. Repositories inside of this one end with a slash, and stay out. */
async function noteUntracked(git: Git, place: GitPlace, call: GitCall): Promise<boolean> {
  const args = ['ls-files', '-z', '--others', '--exclude-standard'];
  const result = await git.run(place, args, { ...call, maxBytes: NAMES_MAX_BYTES, isRead: true });
  if (result.ended !== 'full') check(result, args, call.signal);
  const told = result.stdout.toString();
  const whole = told.slice(0, told.lastIndexOf('\0') + 1);
  const names = splitNames(whole).filter((name) => !name.endsWith('/'));
  const empty = await git.ask(place, ['hash-object', '--stdin'], { input: '', isRead: true });
  const input = names.map((name) => `100644 ${empty} 0\t${name}\0`).join('');
  if (names.length > 0) await git.ask(place, ['update-index', '-z', '--index-info'], { ...call, input });
  return result.ended !== 'full';
}

const DIFF = [
  ...['diff', '--no-ext-diff', '--no-textconv', '--no-color', '--no-relative', '--ignore-submodules=dirty'],
  ...['--submodule=short', '--src-prefix=a/', '--dst-prefix=b/', '--diff-algorithm=myers', '--inter-hunk-context=0'],
  ...['--ws-error-highlight=none', '-O/dev/null'],
];

/** More than this is large, and told by a line as binary files are. */
const BIG_FILE = ['core.bigFileThreshold', '1m'] as const;

async function tell(
  git: Git,
  place: GitPlace,
  args: readonly string[],
  call: GitCall,
): Promise<{ readonly text: string; readonly isCut: boolean }> {
  const result = await git.run(place, [...DIFF, ...args, '--'], { ...call, settings: [BIG_FILE], isRead: true });
  if (result.ended !== 'full') check(result, DIFF, call.signal);
  return { text: result.stdout.toString(), isCut: result.ended === 'full' };
}

const CHANGES: Readonly<Record<string, ChangedFile['change']>> = {
  A: 'added',
  M: 'modified',
  D: 'deleted',
  R: 'renamed',
  T: 'type_changed',
  U: 'unmerged',
};

/** A letter, a name, and of a renamed file another one. The last of a list that was cut may be half a name. */
function parseNames(told: string, isCut: boolean): readonly ChangedFile[] {
  const words = splitNames(told);
  const files: ChangedFile[] = [];
  for (let at = 0; at + 1 < words.length;) {
    const change = CHANGES[words[at]?.charAt(0) ?? ''] ?? 'modified';
    const isRenamed = change === 'renamed';
    const [first = '', second = ''] = words.slice(at + 1, at + 3);
    files.push({ path: isRenamed ? second : first, from: isRenamed ? first : null, change });
    at += isRenamed ? 3 : 2;
  }
  return isCut ? files.slice(0, -1) : files;
}
