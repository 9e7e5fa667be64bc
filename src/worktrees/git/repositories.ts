import { lstat, readdir, realpath } from 'node:fs/promises';
import path from 'node:path';
import { GatewayError } from '../../core/model/errors.ts';
import type { Git, GitPlace } from './git.ts';
import { parseRepositoryName, type RepositoryName } from './names.ts';

export interface Repository {
  /** `owner/name`. */
  readonly repo: string;
  /** Real path. */
  readonly root: string;
  /** What all its worktrees share: `.git`, or the root of a bare one. */
  readonly commonDir: string;
}

export interface Repositories {
  /** @throws GatewayError as the port says */
  find(repo: string): Promise<Repository>;
  /** The same without asking git whether it can use it. */
  locate(repo: string): Promise<Repository>;
  /** Each one that is named like a repository, found or refused. */
  all(): Promise<readonly FoundOrRefused[]>;
}

export type FoundOrRefused = Repository | { readonly repo: string; readonly error: unknown };

export function toPlace({ root, commonDir }: Repository): GitPlace {
  return { cwd: root, gitDir: commonDir, worktree: null };
}

export function createRepositories(root: string, git: Git): Repositories {
  async function locate(repo: string): Promise<Repository> {
    const name = parseRepositoryName(repo);
    const plain = `${name.owner}/${name.name}`;
    const realRoot = await realpath(root).catch(() => {
      throw new GatewayError('repository_not_found', `There is no repository ${plain}: REPOS_ROOT is no folder`);
    });
    const folder = await toFolder(realRoot, name, plain);
    return { repo: plain, root: folder, commonDir: await findCommonDir(realRoot, folder, plain) };
  }

  return {
    locate,
    async find(repo) {
      const repository = await locate(repo);
      await checkFormat(git, repository);
      return repository;
    },
    async all() {
      const names = (await listNames(root)).map((repo) => locate(repo).catch((error: unknown) => ({ repo, error })));
      return Promise.all(names);
    },
  };
}

/** As it is spelled on disk: where case makes no difference, two names would be one repository. */
async function toFolder(root: string, { owner, name }: RepositoryName, plain: string): Promise<string> {
  const owners = await listFolder(root);
  const inside = owners.includes(owner) ? await listFolder(path.join(root, owner)) : [];
  const [one, another] = [name, `${name}.git`].filter((spelled) => inside.includes(spelled));
  if (one === undefined) throw new GatewayError('repository_not_found', `There is no repository ${plain}`);
  if (another !== undefined) throw unusable(plain, `${one} and ${another} are both there: remove or rename one`);
  const real = await realpath(path.join(root, owner, one)).catch((cause: unknown) => {
    throw new GatewayError('repository_not_found', `There is no repository ${plain}`, { cause });
  });
  if (!isInside(root, real)) throw outside(plain, 'is a link out of the root of repositories');
  return real;
}

async function findCommonDir(root: string, folder: string, plain: string): Promise<string> {
  const inner = path.join(folder, '.git');
  const there = await lstat(inner).catch(() => null);
  if (there !== null && !there.isDirectory())
    throw outside(plain, 'has a .git that leads elsewhere (a file or a link)');
  const commonDir = there === null ? folder : inner;
  const [head, ...folders] = await Promise.all(
    ['HEAD', 'objects', 'refs'].map((name) => lstat(path.join(commonDir, name)).catch(() => null)),
  );
  if (head === null || folders.some((one) => one === null)) throw unusable(plain, 'is no git repository');
  if ((await lstat(path.join(commonDir, 'commondir')).catch(() => null)) !== null)
    throw outside(plain, 'is a worktree of another repository');
  for (const name of ['objects', 'refs', 'refs/heads', 'worktrees', 'logs']) {
    const real = await realpath(path.join(commonDir, name)).catch(() => null);
    if (real !== null && !isInside(root, real)) throw outside(plain, `has ${name} outside of the root of repositories`);
  }
  return commonDir;
}

/** @throws GatewayError `not_a_repository` */
export async function checkFormat(git: Git, repository: Repository): Promise<void> {
  const result = await git.run(toPlace(repository), ['rev-parse', '--show-object-format'], { isRead: true });
  if (result.code === 0 && result.ended === 'itself') return;
  const told = result.ended === 'late' ? 'git does not answer there' : result.stderr.split('\n')[0];
  throw unusable(repository.repo, `is no repository that this git can use: ${told}`);
}

async function listNames(root: string): Promise<readonly string[]> {
  const owners = await listFolder(root);
  const names = owners.map(async (owner) => {
    const inside = await listFolder(path.join(root, owner));
    const plain = new Set(inside.map((name) => `${owner}/${name.replace(/\.git$/, '')}`));
    return [...plain].filter(isRepositoryName);
  });
  return (await Promise.all(names)).flat();
}

function listFolder(folder: string): Promise<readonly string[]> {
  return readdir(folder).catch(() => []);
}

function isRepositoryName(repo: string): boolean {
  try {
    parseRepositoryName(repo);
    return true;
  } catch {
    return false;
  }
}

export function isInside(folder: string, inner: string): boolean {
  return inner.startsWith(`${folder}${path.sep}`);
}

function outside(repo: string, why: string): GatewayError {
  return new GatewayError('repository_outside', `${repo} ${why}`);
}

export function unusable(repo: string, why: string, cause?: unknown): GatewayError {
  return new GatewayError('not_a_repository', `${repo}: ${why}`, { cause });
}
