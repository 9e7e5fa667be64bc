import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { AddedWorktree, Worktrees } from '../../src/core/ports/quick/worktrees.ts';
import { createWorktrees, type WorktreeSettings } from '../../src/worktrees/worktrees.ts';
import { createTempFolder } from './temp-folder.ts';

export const never = new AbortController().signal;

/** A root of repositories, a root of worktrees, and git to prepare them with. */
export interface RepositoryRig extends Disposable {
  readonly path: string;
  readonly repos: string;
  readonly roots: string;
  readonly worktrees: Worktrees;
  at(...names: readonly string[]): string;
  /** Another one on the same folders. */
  open(settings?: Partial<WorktreeSettings>): Worktrees;
  settings(): WorktreeSettings;
  /** Plain git, as a person would run it there. Throws when it fails. */
  git(cwd: string, ...args: readonly string[]): string;
  /** `owner/name` with one commit of these files; its folder. */
  create(repo: string, options?: CreateOptions): string;
  /** A bare repository beside the root, with what the other has; it becomes its `origin`. */
  publishTo(name: string, folder: string): string;
  add(repo: string, id: string): Promise<AddedWorktree>;
}

export interface CreateOptions {
  readonly files?: Readonly<Record<string, string>>;
  readonly init?: readonly string[];
  readonly isEmpty?: boolean;
}

export function createRepositoryRig(): RepositoryRig {
  const folder = createTempFolder();
  const at = (...names: readonly string[]): string => path.join(folder.path, ...names);
  for (const name of ['repos', 'worktrees', 'home']) mkdirSync(at(name));
  const env = { PATH: process.env['PATH'] ?? '', HOME: at('home'), LANG: 'C.UTF-8' };
  const settings = (): WorktreeSettings => ({
    repos: at('repos'),
    worktrees: at('worktrees'),
    remoteTimeoutMs: 20_000,
    gitTimeoutMs: 60_000,
    env,
    reserveBytes: 0,
  });
  const worktrees = createWorktrees(settings());
  const git = (cwd: string, ...args: readonly string[]): string => runGit(env, cwd, args);
  return {
    ...{ path: folder.path, repos: at('repos'), roots: at('worktrees'), worktrees, at, settings, git },
    open: (other = {}) => createWorktrees({ ...settings(), ...other }),
    create(repo, { files = { 'a.txt': 'one\n', 'b.txt': 'two\n' }, init = [], isEmpty = false } = {}) {
      const root = at('repos', ...repo.split('/'));
      mkdirSync(root, { recursive: true });
      git(root, 'init', '--quiet', '--initial-branch=main', ...init);
      if (!isEmpty) commitFiles(git, root, files);
      return root;
    },
    publishTo(name, from) {
      git(folder.path, 'clone', '--quiet', '--bare', from, name);
      git(from, 'remote', 'add', 'origin', at(name));
      git(from, 'fetch', '--quiet', 'origin');
      return at(name);
    },
    add: (repo, id) => worktrees.add({ repo, id }, never),
    [Symbol.dispose]: () => folder[Symbol.dispose](),
  };
}

function runGit(env: Readonly<Record<string, string>>, cwd: string, args: readonly string[]): string {
  const person = { GIT_AUTHOR_NAME: 'P', GIT_AUTHOR_EMAIL: 'p@x', GIT_COMMITTER_NAME: 'P', GIT_COMMITTER_EMAIL: 'p@x' };
  return execFileSync('git', args, {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 2 ** 28,
    timeout: 20_000,
    env: { ...env, ...person, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1', GIT_TERMINAL_PROMPT: '0' },
  });
}

export function writeFiles(root: string, files: Readonly<Record<string, string>>): void {
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(root, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
}

export function commitFiles(git: RepositoryRig['git'], root: string, files: Readonly<Record<string, string>>): string {
  writeFiles(root, files);
  git(root, 'add', '--all');
  git(root, 'commit', '--quiet', '--message', 'files');
  return git(root, 'rev-parse', 'HEAD').trim();
}

/** What a person has of a repository: HEAD, the index and the files, read without git. */
export function lookAtCheckout(root: string): string {
  const hash = createHash('sha256');
  const gitDir = existsSync(path.join(root, '.git')) ? path.join(root, '.git') : root;
  for (const file of ['HEAD', 'index', 'ORIG_HEAD', 'FETCH_HEAD', 'config'].map((name) => path.join(gitDir, name)))
    hash.update(existsSync(file) ? readFileSync(file) : 'none');
  if (gitDir === root) return hash.digest('hex');
  for (const name of readdirSync(root, { recursive: true, encoding: 'utf8' }).toSorted()) {
    const file = path.join(root, name);
    if (name === '.git' || name.startsWith('.git/')) continue;
    const { mode, mtimeMs } = statSync(file);
    hash.update(`${name} ${mode} ${mtimeMs}\0`);
    if (statSync(file).isFile()) hash.update(readFileSync(file));
  }
  return hash.digest('hex');
}

/** The worktrees beside the main checkout, as git lists them. */
export function listWorktrees(
  rig: RepositoryRig,
  root: string,
): readonly { readonly path: string; readonly head: string; readonly branch: string | null }[] {
  const [, ...records] = rig.git(root, 'worktree', 'list', '--porcelain').trim().split('\n\n');
  return records.map((record) => {
    const read = (what: RegExp): string | null => what.exec(record)?.[1] ?? null;
    const head = read(/^HEAD (.+)$/m) ?? '';
    return { path: read(/^worktree (.+)$/m) ?? '', head, branch: read(/^branch refs\/heads\/(.+)$/m) };
  });
}

/** Whatever a repository and the root of worktrees still hold of sessions. */
export function findLeftOvers(rig: RepositoryRig, root: string): readonly string[] {
  const listed = listWorktrees(rig, root).filter(({ path: folder }) => folder.includes('/quick-'));
  const gitDir = existsSync(path.join(root, '.git')) ? path.join(root, '.git') : root;
  const inside = readdirSync(gitDir, { recursive: true, encoding: 'utf8' });
  return [
    ...listed.map(({ path: folder }) => `worktree ${folder}`),
    ...rig.git(root, 'branch', '--list', 'quick/*').split('\n').filter(Boolean),
    ...readdirSync(rig.roots).map((name) => `folder ${name}`),
    ...inside.filter((name) => name.endsWith('.lock') || name.startsWith('worktrees/') || /quick-\d/.test(name)),
  ];
}
