import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { runProgram } from '../../../src/lib/run-program.ts';
import { processesWith } from '../../helpers/process-tree.ts';
import {
  commitFiles,
  createRepositoryRig,
  findLeftOvers,
  listWorktrees,
  lookAtCheckout,
  never,
  writeFiles,
  type RepositoryRig,
} from '../../helpers/repository-rig.ts';
import { openSilentServer } from '../../helpers/silent-server.ts';
import { until } from '../../helpers/until.ts';

/** Stands in the place of git: at the call that is named it waits, before or behind it, until it may go on. */
const WAITING = `#!/bin/sh
PATH="$REAL_PATH"
n=$(ls "$PLACE/calls" | wc -l)
: >"$PLACE/calls/$n"
stop() { [ "$WAIT_AT" != "$n $1" ] || { : >"$PLACE/waits"; while [ ! -e "$PLACE/go" ]; do sleep 0.02; done; }; }
stop before
git "$@"
code=$?
stop behind
exit $code
`;

let rig: RepositoryRig;

beforeEach(() => {
  rig = createRepositoryRig();
});
afterEach(() => rig[Symbol.dispose]());

describe('a repository is', () => {
  test('found by its name, also with .git at its end', async () => {
    const root = rig.create('o/r');
    expect(await rig.worktrees.find('o/r')).toEqual({ repo: 'o/r', root });
    expect(await rig.worktrees.find('o/r.git')).toEqual({ repo: 'o/r', root });
  });

  test('found as a bare one, named with .git', async () => {
    rig.create('o/r');
    rig.git(rig.repos, 'clone', '-q', '--bare', 'o/r', 'o/bare.git');
    expect(await rig.worktrees.find('o/bare')).toEqual({ repo: 'o/bare', root: rig.at('repos', 'o', 'bare.git') });
  });

  test('not found when it is not there', async () => {
    for (const repo of ['o/none', 'none/r']) await refuses(repo, 'repository_not_found');
  });

  test.each([
    '../r',
    'o/..',
    '/o/r',
    'o',
    'o/r/x',
    '',
    'o/ r',
    'o r/x',
    '-o/r',
    'o/-r',
    'o/.git',
    'o/r\n',
    'o/r\0',
    'ö/r',
  ])('not looked for by the name %j', async (repo) => refuses(repo, 'invalid_field'));

  test('outside when it is a link out of the root', async () => {
    rig.create('o/r');
    renameSync(rig.at('repos', 'o', 'r'), rig.at('away'));
    symlinkSync(rig.at('away'), rig.at('repos', 'o', 'r'));
    await refuses('o/r', 'repository_outside');
    rmSync(rig.at('repos', 'o'), { recursive: true });
    mkdirSync(rig.at('owner'));
    renameSync(rig.at('away'), rig.at('owner', 'r'));
    symlinkSync(rig.at('owner'), rig.at('repos', 'o'));
    await refuses('o/r', 'repository_outside');
  });

  test('outside when its .git is a file or a link, or leads on to another one', async () => {
    const root = rig.create('o/r');
    renameSync(rig.at('repos', 'o', 'r', '.git'), rig.at('away'));
    writeFileSync(`${root}/.git`, `gitdir: ${rig.at('away')}\n`);
    await refuses('o/r', 'repository_outside');
    rmSync(`${root}/.git`);
    symlinkSync(rig.at('away'), `${root}/.git`);
    await refuses('o/r', 'repository_outside');
    rig.create('o/other');
    writeFileSync(rig.at('repos', 'o', 'other', '.git', 'commondir'), rig.at('away'));
    await refuses('o/other', 'repository_outside');
    expect(rig.git(rig.at('away'), '--git-dir=.', 'branch', '--list', 'quick/*')).toBe('');
  });

  test('not one that git can use: a folder, one inside of another, one of another format', async () => {
    rig.create('o/r');
    mkdirSync(rig.at('repos', 'o', 'r', 'inner'));
    mkdirSync(rig.at('repos', 'o', 'folder'));
    await refuses('o/folder', 'not_a_repository');
    rig.git(rig.at('repos', 'o', 'r'), 'config', 'core.repositoryFormatVersion', '99');
    await refuses('o/r', 'not_a_repository');
  });

  test('not one that can be told from another: o/r beside o/r.git', async () => {
    rig.create('o/r');
    rig.git(rig.repos, 'clone', '-q', '--bare', 'o/r', 'o/r.git');
    await refuses('o/r', 'not_a_repository');
  });

  test('not one to begin at while it has no commit; nothing is made', async () => {
    const root = rig.create('o/r', { isEmpty: true });
    await expect(rig.add('o/r', 'quick-1')).rejects.toMatchObject({ code: 'not_a_repository' });
    expect(findLeftOvers(rig, root)).toEqual([]);
  });

  async function refuses(repo: string, code: string): Promise<void> {
    await expect(rig.worktrees.find(repo)).rejects.toMatchObject({ code });
    await expect(rig.add(repo, 'quick-1')).rejects.toMatchObject({ code });
    expect(readdirSync(rig.roots)).toEqual([]);
  }
});

describe('a worktree', () => {
  test('holds the files of the default branch, on a branch of its own; the checkout stays as it is', async () => {
    const root = rig.create('o/r');
    writeFiles(root, { 'a.txt': 'not committed\n', 'new.txt': 'new\n' });
    const before = lookAtCheckout(root);
    const added = await rig.add('o/r', 'quick-17');
    const path = rig.at('worktrees', 'quick-17');
    const base = rig.git(root, 'rev-parse', 'main').trim();
    expect(added).toEqual({
      path,
      branch: 'quick/quick-17',
      base,
      defaultBranch: 'main',
      fetch: { kind: 'no_remote' },
    });
    expect(readFileSync(`${path}/a.txt`, 'utf8')).toBe('one\n');
    expect(rig.git(path, 'status', '--porcelain', '--branch').trim()).toBe('## quick/quick-17');
    expect(listWorktrees(rig, root)).toEqual([{ path, branch: 'quick/quick-17', head: base }]);
    expect(lookAtCheckout(root)).toBe(before);
  });

  test.each(['quick', 'quick-', 'quick-x', '../quick-1', 'quick-1/..', '-quick-1'])('is not named %j', async (id) => {
    rig.create('o/r');
    await expect(rig.add('o/r', id)).rejects.toMatchObject({ code: 'invalid_field', field: 'id' });
  });

  test('begins at a detached HEAD where there is nothing else, and leaves nothing of it', async () => {
    const root = rig.create('o/r');
    rig.git(root, 'checkout', '-q', '--detach');
    const base = commitFiles(rig.git, root, { c: 'c' });
    expect(await rig.add('o/r', 'quick-1')).toMatchObject({ base, defaultBranch: null });
    expect(await rig.worktrees.remove({ repo: 'o/r', id: 'quick-1' })).toEqual({ keptBranches: [] });
    expect(findLeftOvers(rig, root)).toEqual([]);
  });

  test('begins at what the remote has now, on the branch that it says now', async () => {
    const root = rig.create('o/r');
    const origin = rig.publishTo('up.git', root);
    rig.git(root, 'remote', 'set-head', 'origin', 'main');
    rig.git(rig.path, 'clone', '-q', origin, 'other');
    rig.git(rig.at('other'), 'checkout', '-q', '-b', 'trunk');
    const base = commitFiles(rig.git, rig.at('other'), { 'c.txt': 'c\n' });
    rig.git(rig.at('other'), 'push', '-q', 'origin', 'trunk');
    rig.git(origin, 'symbolic-ref', 'HEAD', 'refs/heads/trunk');
    const before = lookAtCheckout(root);
    expect(await rig.add('o/r', 'quick-1')).toMatchObject({ base, defaultBranch: 'trunk', fetch: { kind: 'fetched' } });
    expect(lookAtCheckout(root)).toBe(before);
  });

  test('of a bare clone begins at what the remote has now', async () => {
    const other = rig.create('x/other');
    rig.git(rig.path, 'clone', '-q', '--bare', other, 'up.git');
    mkdirSync(rig.at('repos', 'o'));
    rig.git(rig.repos, 'clone', '-q', '--bare', rig.at('up.git'), 'o/r.git');
    const base = commitFiles(rig.git, other, { 'c.txt': 'c\n' });
    rig.git(other, 'push', '-q', rig.at('up.git'), 'main');
    expect(await rig.add('o/r', 'quick-1')).toMatchObject({ base, defaultBranch: 'main' });
    await rig.worktrees.remove({ repo: 'o/r', id: 'quick-1' });
    expect(findLeftOvers(rig, rig.at('repos', 'o', 'r.git'))).toEqual([]);
  });

  test('begins at what is there when the remote is gone, and says why', async () => {
    const root = rig.create('o/r');
    const origin = rig.publishTo('up.git', root);
    rmSync(origin, { recursive: true });
    const { base, fetch } = await rig.add('o/r', 'quick-1');
    expect(base).toBe(rig.git(root, 'rev-parse', 'main').trim());
    expect(fetch).toEqual({ kind: 'failed', error: expect.stringContaining('does not appear to be a git repository') });
  });

  test('begins at what is there when the remote hangs; at the deadline all that git had started is gone', async () => {
    const root = rig.create('o/r');
    await using remote = await openSilentServer();
    rig.git(root, 'remote', 'add', 'origin', remote.url);
    const { fetch } = await rig.open({ remoteTimeoutMs: 1_000 }).add({ repo: 'o/r', id: 'quick-1' }, never);
    expect(fetch).toEqual({ kind: 'failed', error: 'it took too long, and was ended' });
    await remote.asked();
    expect(processesWith(remote.url)).toEqual([]);
  });

  test('is not waited for by somebody who has gone while the remote hangs', async () => {
    const root = rig.create('o/r');
    await using remote = await openSilentServer();
    rig.git(root, 'remote', 'add', 'origin', remote.url);
    const gone = new AbortController();
    const adding = rig.worktrees.add({ repo: 'o/r', id: 'quick-1' }, gone.signal);
    await remote.asked();
    gone.abort(new Error('gone'));
    await expect(adding).rejects.toThrow('gone');
    expect(processesWith(remote.url)).not.toEqual([]);
    await remote[Symbol.asyncDispose]();
    await until(() => processesWith(remote.url).length === 0);
    expect(findLeftOvers(rig, root)).toEqual([]);
  });

  test('is not waited for by somebody who has gone while another process is in the repository', async () => {
    const root = rig.create('o/r');
    const lock = path.join(root, '.git', 'gatehouse-lock');
    mkdirSync(lock);
    // One that is in the future is not old for as long as this takes.
    utimesSync(lock, new Date(Date.now() + 60_000), new Date(Date.now() + 60_000));
    const adding = rig.worktrees.add({ repo: 'o/r', id: 'quick-1' }, AbortSignal.timeout(300));
    await expect(adding).rejects.toMatchObject({ name: 'TimeoutError' });
    rmdirSync(lock);
    await expect(rig.add('o/r', 'quick-1')).resolves.toBeDefined();
  });

  test('is made of a SHA-256 repository, and of one with settings for each worktree', async () => {
    const root = rig.create('o/r', { init: ['--object-format=sha256'] });
    rig.git(root, 'config', 'extensions.worktreeConfig', 'true');
    const { base } = await rig.add('o/r', 'quick-1');
    expect(base).toMatch(/^[0-9a-f]{64}$/);
    writeFiles(rig.at('worktrees', 'quick-1'), { 'new.txt': 'new\n' });
    const diff = await rig.worktrees.diff({ repo: 'o/r', id: 'quick-1', base }, 10_000, never);
    expect(diff.files).toEqual([{ path: 'new.txt', from: null, change: 'added' }]);
    await rig.worktrees.remove({ repo: 'o/r', id: 'quick-1' });
    expect(findLeftOvers(rig, root)).toEqual([]);
  });

  test('is refused for an id that has left something, which stays', async () => {
    const root = rig.create('o/r');
    rig.git(root, 'branch', 'quick/quick-1');
    await expect(rig.add('o/r', 'quick-1')).rejects.toMatchObject({ code: 'worktree_exists' });
    mkdirSync(rig.at('worktrees', 'quick-2'));
    await expect(rig.add('o/r', 'quick-2')).rejects.toMatchObject({ code: 'worktree_exists' });
    expect(rig.git(root, 'branch', '--list', 'quick/*').trim()).toBe('quick/quick-1');
    expect(readdirSync(rig.roots)).toEqual(['quick-2']);
  });

  test('is refused beside a branch that is named quick, with what to do', async () => {
    const root = rig.create('o/r');
    rig.git(root, 'branch', 'quick');
    await expect(rig.add('o/r', 'quick-1')).rejects.toThrow('has a branch named quick');
    expect(readdirSync(rig.roots)).toEqual([]);
  });

  test('is not made for somebody who has gone; nothing is left', async () => {
    const root = rig.create('o/r');
    const gone = new AbortController();
    const adding = rig.worktrees.add({ repo: 'o/r', id: 'quick-1' }, gone.signal);
    gone.abort(new Error('gone'));
    await expect(adding).rejects.toThrow('gone');
    expect(findLeftOvers(rig, root)).toEqual([]);
  });

  test.each(['before', 'behind'] as const)(
    'is undone for somebody who goes %s a call of git, whichever it is; the id is free again',
    async (when) => {
      const root = rig.create('o/r');
      const before = lookAtCheckout(root);
      let at = 0;
      while (await goAt(at, when)) {
        expect(findLeftOvers(rig, root)).toEqual([]);
        expect(lookAtCheckout(root)).toBe(before);
        at += 1;
      }
      // Branch, worktree and files are a call each, and there are some that only look.
      expect(at).toBeGreaterThan(3);
    },
  );

  /** False: there was no such call, and the worktree is made. */
  async function goAt(at: number, when: 'before' | 'behind'): Promise<boolean> {
    const place = rig.at(`place-${at}`);
    for (const name of ['bin', 'calls']) mkdirSync(path.join(place, name), { recursive: true });
    writeFileSync(path.join(place, 'bin', 'git'), WAITING, { mode: 0o755 });
    const { env } = rig.settings();
    const [PATH, REAL_PATH] = [`${path.join(place, 'bin')}:${env['PATH']}`, env['PATH'] ?? ''];
    const worktrees = rig.open({ env: { ...env, PATH, REAL_PATH, PLACE: place, WAIT_AT: `${at} ${when}` } });
    const gone = new AbortController();
    let isOver = false;
    const adding = worktrees.add({ repo: 'o/r', id: 'quick-1' }, gone.signal).finally(() => (isOver = true));
    await until(() => isOver || existsSync(path.join(place, 'waits')));
    if (isOver) {
      await adding;
      return false;
    }
    gone.abort(new Error('gone'));
    writeFileSync(path.join(place, 'go'), '');
    await expect(adding).rejects.toThrow('gone');
    return true;
  }

  test('is not begun when the disk has no room', async () => {
    const root = rig.create('o/r');
    const adding = rig.open({ reserveBytes: 2 ** 60 }).add({ repo: 'o/r', id: 'quick-1' }, never);
    await expect(adding).rejects.toMatchObject({ code: 'no_space' });
    expect(findLeftOvers(rig, root)).toEqual([]);
  });

  const onDisk = process.getuid?.() === 0 && process.platform === 'linux' ? test : test.skip;
  onDisk('is undone when the disk is full in the middle (as root, on Linux)', async () => {
    const root = rig.create('o/r', { files: { 'a.txt': 'x'.repeat(300_000), 'b.txt': 'y'.repeat(300_000) } });
    mkdirSync(rig.at('small'));
    const mounted = await runProgram('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', rig.at('small')]);
    expect(mounted).toMatchObject({ code: 0 });
    try {
      const worktrees = rig.open({ worktrees: rig.at('small') });
      await expect(worktrees.add({ repo: 'o/r', id: 'quick-1' }, never)).resolves.toBeDefined();
      const ids = [2, 3, 4].map((at) => `quick-${at}`);
      const ends = await Promise.allSettled(ids.map((id) => worktrees.add({ repo: 'o/r', id }, never)));
      const refused = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason] : []));
      expect(refused.length).toBeGreaterThan(0);
      for (const reason of refused) expect(reason).toMatchObject({ code: 'no_space' });
      const made = ids.filter((_, at) => ends[at]?.status === 'fulfilled');
      expect(readdirSync(rig.at('small')).toSorted()).toEqual(['quick-1', ...made]);
      for (const id of ['quick-1', ...made]) await worktrees.remove({ repo: 'o/r', id });
      expect(readdirSync(rig.at('small'))).toEqual([]);
      expect(findLeftOvers(rig, root)).toEqual([]);
    } finally {
      await runProgram('umount', ['-l', rig.at('small')]);
    }
  });
});

test('25 at once of one repository are 25 worktrees, each with its own index; 25 removals leave nothing', async () => {
  const root = rig.create('o/r');
  rig.publishTo('up.git', root);
  const before = lookAtCheckout(root);
  const ids = Array.from({ length: 25 }, (_, at) => `quick-${1_000 + at}`);
  const added = await Promise.all(ids.map((id) => rig.add('o/r', id)));
  expect(new Set(added.map(({ path }) => path)).size).toBe(25);
  expect(
    listWorktrees(rig, root)
      .map((one) => one.path)
      .toSorted(),
  ).toEqual(ids.map((id) => rig.at('worktrees', id)));
  for (const { path, branch } of added)
    expect(rig.git(path, 'status', '--porcelain', '--branch').trim()).toBe(`## ${branch}`);
  const [one, other] = added;
  writeFiles(one?.path ?? '', { 'mine.txt': 'x' });
  rig.git(one?.path ?? '', 'add', 'mine.txt');
  expect(rig.git(other?.path ?? '', 'status', '--porcelain')).toBe('');
  await Promise.all(ids.map((id) => rig.worktrees.remove({ repo: 'o/r', id })));
  expect(findLeftOvers(rig, root)).toEqual([]);
  expect(lookAtCheckout(root)).toBe(before);
});

test('two processes’ worth of adapters on one repository do not disturb each other', async () => {
  const root = rig.create('o/r');
  mkdirSync(rig.at('others'));
  const other = rig.open({ worktrees: rig.at('others') });
  const both = Array.from({ length: 6 }, (_, at) => [
    rig.add('o/r', `quick-${at}`),
    other.add({ repo: 'o/r', id: `quick-${100 + at}` }, never),
  ]);
  await Promise.all(both.flat());
  const folders = listWorktrees(rig, root).map((one) => path.dirname(one.path));
  for (const roots of [rig.roots, rig.at('others')]) expect(folders.filter((one) => one === roots)).toHaveLength(6);
  expect(folders).toHaveLength(12);
});
