import { homedir } from 'node:os';
import path from 'node:path';
import { GatewayError } from '../core/model/errors.ts';
import type { Worktrees } from '../core/ports/quick/worktrees.ts';
import { createOneWriter } from '../lib/files/one-writer.ts';
import { createAdd } from './add.ts';
import { commitWorktree } from './commit.ts';
import { diffWorktree } from './diff.ts';
import { createGit } from './git/git.ts';
import { createLimit } from './git/limit.ts';
import { createRepositories } from './git/repositories.ts';
import type { WorktreeParts } from './parts.ts';
import { publishWorktree } from './publish.ts';
import { removeWorktree } from './remove.ts';
import { sweepWorktrees } from './sweep.ts';

export interface WorktreeSettings {
  /** REPOS_ROOT. */
  readonly repos: string;
  /** WORKTREES_ROOT, as a real path: git tells nothing else. */
  readonly worktrees: string;
  /** For what speaks to a remote. */
  readonly remoteTimeoutMs: number;
  /** For everything else. */
  readonly gitTimeoutMs: number;
  /** What git gets of this machine: PATH, HOME, proxies. */
  readonly env: Readonly<Record<string, string>>;
  /** Stays free on the disk. */
  readonly reserveBytes?: number;
}

const RESERVE_BYTES = 64 * 1024 * 1024;
const CHECKOUTS_MAX = 2;

/** A process that was killed holds up a repository for so long, in which what it started has ended as well. */
const STALE_MS = 5_000;
/** Git looks at nothing of this name. */
const LOCK = 'gatehouse-lock';

function refuse(commonDir: string, cause: unknown): GatewayError {
  return new GatewayError('not_a_repository', `${path.basename(commonDir)} cannot be written by the agents’ user`, {
    cause,
  });
}

/** With the rights of this process, which are those of the agents' user. */
export function createWorktrees(settings: WorktreeSettings): Worktrees {
  const { repos, worktrees, env, remoteTimeoutMs, gitTimeoutMs, reserveBytes = RESERVE_BYTES } = settings;
  const git = createGit(env, gitTimeoutMs);
  const parts: WorktreeParts = {
    git,
    writer: createOneWriter({ pathOf: (commonDir) => path.join(commonDir, LOCK), staleMs: STALE_MS, refuse }),
    repositories: createRepositories(repos, git),
    root: worktrees,
    remote: { timeoutMs: remoteTimeoutMs, home: env['HOME'] ?? homedir() },
    reserveBytes,
    checkouts: createLimit(CHECKOUTS_MAX),
    env,
  };
  const add = createAdd(parts);
  // Made, or being made, by this process: whoever asks for a sweep may not know of them yet.
  const own = new Set<string>();

  return {
    async find(repo) {
      const found = await parts.repositories.find(repo);
      return { repo: found.repo, root: found.root };
    },
    async add(name, signal) {
      const isNew = !own.has(name.id);
      own.add(name.id);
      try {
        return await add(name, signal);
      } catch (error) {
        if (isNew) own.delete(name.id);
        throw error;
      }
    },
    diff: (of, maxBytes, signal) => diffWorktree(parts, of, maxBytes, signal),
    commit: (name, message, signal) => commitWorktree(parts, name, message, signal),
    async remove(name, signal) {
      const removed = await removeWorktree(parts, name, signal);
      own.delete(name.id);
      return removed;
    },
    publish: (name, words, signal) => publishWorktree(parts, name, words, signal),
    sweep(known, signal) {
      const ids = new Set(known.map(({ id }) => id));
      return sweepWorktrees(parts, { isKnown: (id) => ids.has(id) || own.has(id), signal });
    },
  };
}
