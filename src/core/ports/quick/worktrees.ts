/** The worktree of a session: which repository, and the session's id. */
export interface WorktreeName {
  /** `owner/name`, below the root of repositories. */
  readonly repo: string;
  /** `quick-<digits>`: the name of its folder, and of its branch `quick/<id>`. */
  readonly id: string;
}

export interface AddedWorktree {
  /** Absolute. */
  readonly path: string;
  readonly branch: string;
  /** The full id of the commit that it begins at: what `diff` compares with. */
  readonly base: string;
  /** The default branch; null where the repository's HEAD is detached and nothing else says one. */
  readonly defaultBranch: string | null;
  readonly fetch: FetchOutcome;
}

export type FetchOutcome =
  /** The repository has no remote. */
  | { readonly kind: 'no_remote' }
  | { readonly kind: 'fetched' }
  /** The worktree begins at what was there. The text is for people and holds no password. */
  | { readonly kind: 'failed'; readonly error: string };

export const FILE_CHANGES = ['added', 'modified', 'deleted', 'renamed', 'type_changed', 'unmerged'] as const;
export type FileChange = (typeof FILE_CHANGES)[number];

export interface ChangedFile {
  readonly path: string;
  /** Where it was before; null when it was not renamed. */
  readonly from: string | null;
  readonly change: FileChange;
}

export interface WorktreeDiff {
  /** What it is compared with: where the worktree began, or a later commit of the default branch that it took in. */
  readonly base: string;
  /** With what is not committed, and files that git does not know yet; ignored ones are left out. */
  readonly files: readonly ChangedFile[];
  /** Unified. A renamed file is told as a deleted and an added one, a large or binary one by a line. */
  readonly text: string;
  /** The text or the files end early, behind a whole line. */
  readonly isTruncated: boolean;
}

export interface WorktreeCommit {
  /** Null: there was nothing to commit. */
  readonly commit: string | null;
  /** Repositories inside of the worktree, whose files are in no commit of it. */
  readonly skipped: readonly string[];
}

export interface RemovedWorktree {
  /** Branches that hold commits which exist nowhere else, or are checked out elsewhere; the session's own comes first. One
   *  of another name that was checked out there always stays: it is named when no branch but it and the session's holds
   *  its commits. */
  readonly keptBranches: readonly string[];
}

export interface PublishedBranch {
  readonly branch: string;
  /** The commit that the remote has now. */
  readonly commit: string;
  /** Of the draft pull request; null when none was opened. */
  readonly link: string | null;
  /** Why there is no link; null when there is one. */
  readonly note: string | null;
}

export interface SweptWorktrees {
  /** Ids of what was left over and is gone. */
  readonly removed: readonly string[];
  /** Branches of sessions that are gone, kept for their commits. */
  readonly kept: readonly { readonly repo: string; readonly branch: string }[];
  /** What could not be looked at or cleaned. */
  readonly failed: readonly { readonly repo: string | null; readonly error: string }[];
}

/** Worktrees of git repositories, one for each session, on a branch of its own. The main checkout of a repository is never
 *  touched, and no program that a repository names is run.
 *  All throw GatewayError: `invalid_field` (field `repo`, or `id`) for a name that is none, `repository_not_found`,
 *  `repository_outside` for one that leads out of the root, `not_a_repository` for one that git cannot use (also one
 *  without a commit), `git_failed`. When the signal aborts they reject with its reason, and leave nothing half made. */
export interface Worktrees {
  /** Says whether a worktree could be made, and makes none. */
  find(repo: string): Promise<{ readonly repo: string; readonly root: string }>;
  /** Fetches, then makes branch and worktree, or neither. Any number at once.
   *  @throws GatewayError `no_space`; `worktree_exists` when the id has left a folder or a branch. */
  add(name: WorktreeName, signal: AbortSignal): Promise<AddedWorktree>;
  /** @throws GatewayError `not_found` when there is no such worktree; likewise below. */
  diff(of: WorktreeName & { readonly base: string }, maxBytes: number, signal: AbortSignal): Promise<WorktreeDiff>;
  /** Commits to what is checked out there. Ignored files stay out. */
  commit(name: WorktreeName, message: string, signal: AbortSignal): Promise<WorktreeCommit>;
  /** Removes worktree and branch, and discards what is not committed. Whoever works there was ended before. One that is
   *  gone, or half gone, is no error; so it may be asked again after a crash, and when the signal has cut it off between two
   *  of its steps. */
  remove(name: WorktreeName, signal?: AbortSignal): Promise<RemovedWorktree>;
  /** Pushes what is committed and checked out there to the session's branch, never by force, and opens a draft pull
   *  request where `gh` or `glab` can. A second time it pushes what came since.
   *  @throws GatewayError `no_remote`; `remote_failed` when it refuses, or does not answer in time. */
  publish(
    name: WorktreeName,
    words: { readonly title: string; readonly body: string },
    signal: AbortSignal,
  ): Promise<PublishedBranch>;
  /** Removes what a crash left: all that is named like a session's and is neither known nor made by this process. `known`
   *  are those whose `add` has resolved; they are left as they are. */
  sweep(known: readonly WorktreeName[], signal: AbortSignal): Promise<SweptWorktrees>;
}
