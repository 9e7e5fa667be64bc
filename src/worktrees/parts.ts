import type { Git } from './git/git.ts';
import type { OneWriter } from '../lib/files/one-writer.ts';
import type { Repositories } from './git/repositories.ts';
import type { RemoteSettings } from './remote/remotes.ts';

/** What the operations on worktrees share. */
export interface WorktreeParts {
  readonly git: Git;
  readonly writer: OneWriter;
  readonly repositories: Repositories;
  /** Real path of the folder of worktrees. */
  readonly root: string;
  readonly remote: RemoteSettings;
  readonly reserveBytes: number;
  /** Checkouts are bound by the disk: few at a time are done sooner. */
  readonly checkouts: <T>(work: () => Promise<T>) => Promise<T>;
  /** All that git and its companions get from this machine. */
  readonly env: Readonly<Record<string, string>>;
}
