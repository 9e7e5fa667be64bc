import { GatewayError } from '../../src/core/model/errors.ts';
import type { WorktreeName, Worktrees } from '../../src/core/ports/quick/worktrees.ts';

export interface FakeWorktrees extends Worktrees {
  /** Ids of those that stand, in the order in which they were made. */
  standing(): readonly string[];
  /** Every call that changes something, as `verb id`, oldest first. */
  readonly calls: readonly string[];
  /** One that an earlier process made. */
  leave(id: string): void;
  /** The branch of this session holds commits which exist nowhere else. */
  keep(id: string): void;
}

/** Worktrees in memory. `overrides`: verbs that a test has of its own, with the plain ones at hand. */
export function createFakeWorktrees(overrides: (plain: Worktrees) => Partial<Worktrees> = () => ({})): FakeWorktrees {
  const standing = new Set<string>();
  /** Made by this process: no sweep takes them. */
  const own = new Set<string>();
  const calls: string[] = [];
  const kept = new Set<string>();
  const branchOf = (id: string): string => `quick/${id}`;
  const open = ({ id, repo }: WorktreeName): string => {
    if (standing.has(id)) return `/worktrees/${id}`;
    throw new GatewayError('not_found', `There is no worktree ${id} of ${repo}`);
  };
  const plain: Worktrees = {
    async find(repo) {
      if (repo.startsWith('o/')) return { repo, root: `/repos/${repo}` };
      throw new GatewayError('repository_not_found', `There is no repository ${repo}`);
    },
    async add({ id }) {
      calls.push(`add ${id}`);
      standing.add(id);
      own.add(id);
      const fetch = { kind: 'no_remote' } as const;
      return { path: `/worktrees/${id}`, branch: branchOf(id), base: 'c0ffee', defaultBranch: 'main', fetch };
    },
    async diff({ base, ...name }) {
      open(name);
      return { base, files: [{ path: 'a', from: null, change: 'added' }], text: 'diff', isTruncated: false };
    },
    async commit(name) {
      open(name);
      calls.push(`commit ${name.id}`);
      return { commit: 'beef', skipped: ['inside'] };
    },
    async remove({ id }) {
      calls.push(`remove ${id}`);
      standing.delete(id);
      return { keptBranches: kept.has(id) ? [branchOf(id)] : [] };
    },
    async publish(name, { title }) {
      open(name);
      calls.push(`publish ${name.id}`);
      return { branch: branchOf(name.id), commit: 'beef', link: null, note: title };
    },
    async sweep(known) {
      const removed = [...standing].filter((id) => !own.has(id) && known.every((one) => one.id !== id));
      for (const id of removed) standing.delete(id);
      return { removed, kept: [], failed: [] };
    },
  };
  return {
    ...plain,
    ...overrides(plain),
    standing: () => [...standing],
    calls,
    leave: (id) => void standing.add(id),
    keep: (id) => void kept.add(id),
  };
}
