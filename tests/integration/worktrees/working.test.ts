import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Worktrees } from '../../../src/core/ports/quick/worktrees.ts';
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

const NAME = { repo: 'o/r', id: 'quick-1' };
let rig: RepositoryRig;
let worktrees: Worktrees;
let root: string;
let base: string;
let inside: string;

beforeEach(async () => {
  rig = createRepositoryRig();
  worktrees = rig.worktrees;
  root = rig.create('o/r', { files: { 'a.txt': 'one\n', 'b.txt': `${'line\n'.repeat(30)}`, 'c.txt': 'three\n' } });
  rig.publishTo('up.git', root);
  ({ base, path: inside } = await rig.add('o/r', 'quick-1'));
});
afterEach(() => rig[Symbol.dispose]());

const diff = (maxBytes = 1_000_000) => worktrees.diff({ ...NAME, base }, maxBytes, never);
const branches = (): string => rig.git(root, 'branch', '--list', '--format=%(refname:short)').trim();

describe('a diff', () => {
  test('of nothing is empty', async () => {
    expect(await diff()).toEqual({ base, files: [], text: '', isTruncated: false });
  });

  test('shows what is committed, what is not, what is staged, and what git does not know; the index stays', async () => {
    commitFiles(rig.git, inside, { 'a.txt': 'committed\n' });
    writeFiles(inside, { 'c.txt': 'not committed\n', 'sub/new.txt': 'new\n', '.gitignore': 'ignored\n', ignored: 'x' });
    writeFiles(inside, { staged: 'staged\n' });
    rig.git(inside, 'add', 'staged');
    const entry = path.join(root, '.git', 'worktrees', 'quick-1');
    const before = readFileSync(path.join(entry, 'index'));
    const { files, text } = await diff();
    expect(files.map(({ path: name, change }) => `${change} ${name}`)).toEqual([
      ...['added .gitignore', 'modified a.txt', 'modified c.txt', 'added staged', 'added sub/new.txt'],
    ]);
    for (const line of ['+committed', '+not committed', '+new', '+staged', '+++ b/sub/new.txt'])
      expect(text).toContain(line);
    expect(text).not.toContain('b/ignored');
    expect(readFileSync(path.join(entry, 'index')).equals(before)).toBe(true);
  });

  test('names a renamed file, and a binary one by a line', async () => {
    rig.git(inside, 'mv', 'b.txt', 'moved.txt');
    writeFileSync(path.join(inside, 'picture'), Buffer.from([0, 1, 2, 255, 0]));
    const { files, text } = await diff();
    expect(files).toContainEqual({ path: 'moved.txt', from: 'b.txt', change: 'renamed' });
    expect(text).toContain('Binary files /dev/null and b/picture differ');
  });

  test('names files with quotes, line breaks and other letters as they are', async () => {
    const names = ['a "q".txt', 'two\nlines', 'tab\there', 'grün 😀'];
    for (const name of names) writeFileSync(path.join(inside, name), 'x\n');
    expect((await diff()).files.map(({ path: name }) => name).toSorted()).toEqual(names.toSorted());
  });

  test('shows the target of a link, never what is there', async () => {
    writeFileSync(rig.at('secret'), 'secret words\n');
    symlinkSync(rig.at('secret'), path.join(inside, 'link'));
    const { text } = await diff();
    expect(text).toContain(`+${rig.at('secret')}`);
    expect(text).not.toContain('secret words');
  });

  test('that is huge ends at its bound, behind a whole line', async () => {
    for (let at = 0; at < 40; at += 1)
      writeFileSync(path.join(inside, `f${at}`), `${'some words here\n'.repeat(50_000)}`);
    const { text, isTruncated, files } = await diff(100_000);
    expect(isTruncated).toBe(true);
    expect(text.length).toBeLessThanOrEqual(100_000);
    expect(text.endsWith('+some words here\n')).toBe(true);
    expect(files).toHaveLength(40);
  });

  test('tells a large file by a line', async () => {
    writeFileSync(path.join(inside, 'large'), 'some words here\n'.repeat(200_000));
    const { text, isTruncated } = await diff(100_000);
    expect(text).toContain('Binary files /dev/null and b/large differ');
    expect(isTruncated).toBe(false);
  });

  test('leaves out what the default branch got meanwhile, taken in or not', async () => {
    commitFiles(rig.git, root, { 'of-others.txt': 'x\n' });
    rig.git(root, 'push', '-q', 'origin', 'main');
    commitFiles(rig.git, inside, { 'mine.txt': 'mine\n' });
    expect((await diff()).files).toEqual([{ path: 'mine.txt', from: null, change: 'added' }]);
    rig.git(inside, 'rebase', '-q', 'main');
    expect((await diff()).files).toEqual([{ path: 'mine.txt', from: null, change: 'added' }]);
  });

  test('still shows work that is in the default branch by now', async () => {
    commitFiles(rig.git, inside, { 'mine.txt': 'mine\n' });
    rig.git(root, 'merge', '-q', '--ff-only', 'quick/quick-1');
    rig.git(root, 'push', '-q', 'origin', 'main');
    expect((await diff()).files).toHaveLength(1);
  });

  test('goes on beside a repository inside that has no commit', async () => {
    rig.git(inside, 'init', '-q', 'inner');
    writeFiles(inside, { 'inner/x': 'x', new: 'new\n' });
    expect((await diff()).files).toEqual([{ path: 'new', from: null, change: 'added' }]);
  });

  test('of no worktree is not found', async () => {
    const none = worktrees.diff({ repo: 'o/r', id: 'quick-2', base }, 10, never);
    await expect(none).rejects.toMatchObject({ code: 'not_found' });
  });

  test('does not follow a link in the place of the worktree', async () => {
    renameSync(inside, rig.at('moved'));
    symlinkSync(rig.at('moved'), inside);
    await expect(diff()).rejects.toMatchObject({ code: 'not_found' });
    await worktrees.remove(NAME);
    expect(readFileSync(rig.at('moved', 'a.txt'), 'utf8')).toBe('one\n');
  });

  test('is not misled by a .git file that leads elsewhere', async () => {
    const other = rig.create('o/other', { files: { 'private.txt': 'private\n' } });
    writeFileSync(path.join(inside, '.git'), `gitdir: ${other}/.git\n`);
    expect(await diff()).toMatchObject({ files: [], text: '' });
  });
});

describe('a commit', () => {
  const commit = () => worktrees.commit(NAME, 'what was left\n\nof it', never);

  test('takes in all that is not committed, and leaves the worktree clean', async () => {
    writeFiles(inside, { 'a.txt': 'changed\n', 'new "q"\n.txt': 'new\n', '.gitignore': 'ignored\n', ignored: 'x' });
    rmSync(path.join(inside, 'b.txt'));
    rig.git(inside, 'mv', 'c.txt', 'd.txt');
    const done = await commit();
    expect(done).toEqual({ commit: rig.git(root, 'rev-parse', 'quick/quick-1').trim(), skipped: [] });
    expect(rig.git(inside, 'status', '--porcelain')).toBe('');
    expect(rig.git(inside, 'show', '-s', '--format=%an|%B', 'HEAD').trim()).toBe('Gatehouse|what was left\n\nof it');
    expect(rig.git(inside, 'ls-tree', '-r', '-z', '--name-only', 'HEAD').split('\0').filter(Boolean)).toEqual([
      ...['.gitignore', 'a.txt', 'd.txt', 'new "q"\n.txt'],
    ]);
  });

  test('of nothing is none', async () => {
    expect(await commit()).toEqual({ commit: null, skipped: [] });
  });

  test('names repositories inside, and takes in the rest', async () => {
    for (const name of ['empty', 'full']) rig.git(inside, 'init', '-q', name);
    commitFiles(rig.git, path.join(inside, 'full'), { x: 'x' });
    writeFiles(inside, { new: 'new\n' });
    const { commit: made, skipped } = await commit();
    expect(made).not.toBeNull();
    expect([...skipped].toSorted()).toEqual(['empty', 'full']);
    expect(rig.git(inside, 'show', '--name-only', '--format=', 'HEAD').trim()).toBe('new');
  });

  test('ends a merge that was under way, with both parents; a second one is none', async () => {
    commitFiles(rig.git, inside, { mine: 'x' });
    const theirs = commitFiles(rig.git, root, { theirs: 'y' });
    rig.git(inside, 'merge', '-q', '--no-commit', '--no-ff', 'main');
    expect((await commit()).commit).not.toBeNull();
    expect(rig.git(inside, 'rev-parse', 'HEAD^2').trim()).toBe(theirs);
    expect(rig.git(inside, 'status')).not.toContain('merg');
    expect(await commit()).toEqual({ commit: null, skipped: [] });
  });

  test.each(['cherry-pick', 'revert'])('ends a %s that was under way', async (verb) => {
    const picked = commitFiles(rig.git, root, { 'a.txt': 'picked\n' });
    commitFiles(rig.git, inside, { 'a.txt': 'mine\n' });
    expect(() => rig.git(inside, verb, picked)).toThrow();
    writeFiles(inside, { 'a.txt': 'both\n' });
    expect((await commit()).commit).not.toBeNull();
    expect(rig.git(inside, 'status')).not.toContain(verb);
    expect(await commit()).toEqual({ commit: null, skipped: [] });
  });

  test('does not mind a lock that a killed git left on the index', async () => {
    writeFileSync(path.join(root, '.git', 'worktrees', 'quick-1', 'index.lock'), '');
    writeFiles(inside, { new: 'new\n' });
    expect((await commit()).commit).not.toBeNull();
  });
});

describe('a removal', () => {
  const remove = () => worktrees.remove(NAME);

  test('takes worktree and branch, with what is not committed; the checkout stays as it is', async () => {
    const before = lookAtCheckout(root);
    writeFiles(inside, { 'a.txt': 'changed\n', new: 'new\n' });
    expect(await remove()).toEqual({ keptBranches: [] });
    expect(findLeftOvers(rig, root)).toEqual([]);
    expect(lookAtCheckout(root)).toBe(before);
    expect(await remove()).toEqual({ keptBranches: [] });
  });

  test('keeps a branch with a commit that is nowhere else, and names it', async () => {
    commitFiles(rig.git, inside, { mine: 'x' });
    expect(await remove()).toEqual({ keptBranches: ['quick/quick-1'] });
    expect(branches()).toBe('main\nquick/quick-1');
    expect(listWorktrees(rig, root)).toEqual([]);
  });

  test('keeps no branch whose commits are in another one', async () => {
    commitFiles(rig.git, inside, { mine: 'x' });
    rig.git(root, 'branch', 'other', 'quick/quick-1');
    expect(await remove()).toEqual({ keptBranches: [] });
    expect(branches()).toBe('main\nother');
  });

  test('keeps no branch that the remote has, and keeps one that it had', async () => {
    commitFiles(rig.git, inside, { mine: 'x' });
    await worktrees.publish(NAME, { title: 't', body: '' }, never);
    const other = await rig.add('o/r', 'quick-2');
    commitFiles(rig.git, other.path, { mine: 'y' });
    await worktrees.publish({ repo: 'o/r', id: 'quick-2' }, { title: 't', body: '' }, never);
    rig.git(rig.at('up.git'), 'branch', '-D', 'quick/quick-2');
    expect(await remove()).toEqual({ keptBranches: [] });
    expect(await worktrees.remove({ repo: 'o/r', id: 'quick-2' })).toEqual({ keptBranches: ['quick/quick-2'] });
  });

  test('keeps a published branch while the remote does not answer', async () => {
    commitFiles(rig.git, inside, { mine: 'x' });
    await worktrees.publish(NAME, { title: 't', body: '' }, never);
    renameSync(rig.at('up.git'), rig.at('away.git'));
    expect(await remove()).toEqual({ keptBranches: ['quick/quick-1'] });
  });

  test('holds up nobody while the remote hangs, and can be called off: nothing is gone then', async () => {
    const other = await rig.add('o/r', 'quick-2');
    commitFiles(rig.git, inside, { mine: 'x' });
    writeFiles(other.path, { theirs: 'y' });
    await using remote = await openSilentServer();
    rig.git(root, 'remote', 'set-url', 'origin', remote.url);
    const gone = new AbortController();
    const removing = worktrees.remove(NAME, gone.signal);
    await remote.asked();
    expect((await worktrees.commit({ repo: 'o/r', id: 'quick-2' }, 'theirs', never)).commit).not.toBeNull();
    gone.abort(new Error('gone'));
    await expect(removing).rejects.toThrow('gone');
    expect(readFileSync(path.join(inside, 'mine'), 'utf8')).toBe('x');
    expect(branches()).toBe('main\nquick/quick-1\nquick/quick-2');
  });

  test('keeps a branch that got another commit while the remote was asked', async () => {
    commitFiles(rig.git, inside, { mine: 'x' });
    await worktrees.publish(NAME, { title: 't', body: '' }, never);
    rig.git(inside, 'checkout', '-q', '--detach');
    const later = commitFiles(rig.git, inside, { mine: 'y' });
    rig.git(inside, 'checkout', '-q', 'quick/quick-1');
    const slow = beside('ls-remote', `git --git-dir='${root}/.git' update-ref refs/heads/quick/quick-1 ${later}`);
    expect(await slow.remove(NAME)).toEqual({ keptBranches: ['quick/quick-1'] });
    expect(rig.git(root, 'rev-parse', 'quick/quick-1').trim()).toBe(later);
  });

  test('keeps a branch that got another commit just before its end', async () => {
    const later = rig.git(root, 'commit-tree', '-m', 'later', 'main^{tree}').trim();
    const slow = beside('-d', `git --git-dir='${root}/.git' update-ref refs/heads/quick/quick-1 ${later}`);
    expect(await slow.remove(NAME)).toEqual({ keptBranches: ['quick/quick-1'] });
    expect(rig.git(root, 'rev-parse', 'quick/quick-1').trim()).toBe(later);
  });

  /** Something happens just before git is asked for what has this word. */
  function beside(word: string, happens: string): Worktrees {
    const { env } = rig.settings();
    const bin = rig.at('bin');
    mkdirSync(bin);
    const lines = ['#!/bin/sh', `PATH='${env['PATH']}'`, `case " $* " in *" ${word} "*) ${happens} ;; esac`];
    writeFileSync(path.join(bin, 'git'), [...lines, 'exec git "$@"', ''].join('\n'), { mode: 0o755 });
    return rig.open({ env: { ...env, PATH: `${bin}:${env['PATH']}` } });
  }

  test('takes a branch that is a link, and leaves the one that it leads to', async () => {
    rig.git(inside, 'checkout', '-q', '--detach');
    rig.git(root, 'branch', 'theirs');
    rig.git(root, 'symbolic-ref', 'refs/heads/quick/quick-1', 'refs/heads/theirs');
    expect(await remove()).toEqual({ keptBranches: [] });
    expect(branches()).toBe('main\ntheirs');
  });

  test('takes the settings of the branch, and no others', async () => {
    rig.git(root, 'config', 'branch.quick/quick-1.merge', 'refs/heads/main');
    rig.git(root, 'config', 'branch.main.description', 'mine');
    await remove();
    expect(rig.git(root, 'config', '--get-regexp', '^branch\\.').trim()).toBe('branch.main.description mine');
  });

  test('keeps commits of a HEAD that is on no branch, on one of their own', async () => {
    rig.git(inside, 'checkout', '-q', '--detach');
    const lost = commitFiles(rig.git, inside, { mine: 'x' });
    expect(await remove()).toEqual({ keptBranches: ['quick/quick-1-detached'] });
    expect(rig.git(root, 'rev-parse', 'quick/quick-1-detached').trim()).toBe(lost);
    expect(branches()).toBe('main\nquick/quick-1-detached');
  });

  test('stops before anything is gone when git cannot tell what would be lost', async () => {
    rig.git(inside, 'checkout', '-q', '--detach');
    const lost = commitFiles(rig.git, inside, { mine: 'x' });
    const broken = path.join(root, '.git', 'refs', 'heads', 'broken');
    writeFileSync(broken, `${'1'.repeat(40)}\n`);
    await expect(remove()).rejects.toMatchObject({ code: 'git_failed' });
    expect(readFileSync(path.join(inside, 'mine'), 'utf8')).toBe('x');
    rmSync(broken);
    expect(await remove()).toEqual({ keptBranches: ['quick/quick-1-detached'] });
    expect(rig.git(root, 'rev-parse', 'quick/quick-1-detached').trim()).toBe(lost);
  });

  test('names the branch of another name that holds the work', async () => {
    rig.git(inside, 'checkout', '-q', '-b', 'feature');
    commitFiles(rig.git, inside, { mine: 'x' });
    rig.git(root, 'branch', '-f', 'quick/quick-1', 'feature');
    expect(await remove()).toEqual({ keptBranches: ['feature'] });
    expect(branches()).toBe('feature\nmain');
  });

  test('does not name one that holds nothing of its own', async () => {
    rig.git(inside, 'checkout', '-q', '-b', 'feature');
    expect(await remove()).toEqual({ keptBranches: [] });
    expect(branches()).toBe('feature\nmain');
  });

  test('keeps a branch that a person has checked out', async () => {
    rig.git(inside, 'checkout', '-q', '--detach');
    rig.git(root, 'checkout', '-q', 'quick/quick-1');
    const before = lookAtCheckout(root);
    expect(await remove()).toEqual({ keptBranches: ['quick/quick-1'] });
    expect(lookAtCheckout(root)).toBe(before);
  });

  test('keeps a branch that a person is rebasing', async () => {
    commitFiles(rig.git, inside, { 'a.txt': 'theirs\n' });
    rig.git(inside, 'checkout', '-q', '--detach');
    commitFiles(rig.git, root, { 'a.txt': 'mine\n' });
    rig.git(root, 'branch', 'copy', 'quick/quick-1');
    expect(() => rig.git(root, 'rebase', 'main', 'quick/quick-1')).toThrow();
    expect(existsSync(path.join(root, '.git', 'rebase-merge'))).toBe(true);
    expect(await remove()).toEqual({ keptBranches: ['quick/quick-1'] });
  });

  test('takes what is locked, what cannot be written, and what has lost its .git', async () => {
    rig.git(root, 'worktree', 'lock', inside);
    mkdirSync(path.join(inside, 'shut', 'in'), { recursive: true });
    writeFileSync(path.join(inside, 'shut', 'in', 'f'), '');
    chmodSync(path.join(inside, 'shut', 'in'), 0o500);
    chmodSync(path.join(inside, 'shut'), 0o500);
    rmSync(path.join(inside, '.git'));
    expect(await remove()).toEqual({ keptBranches: [] });
    expect(findLeftOvers(rig, root)).toEqual([]);
  });

  test('takes the folder when the repository is gone', async () => {
    rmSync(root, { recursive: true });
    expect(await remove()).toEqual({ keptBranches: [] });
    expect(existsSync(inside)).toBe(false);
  });
});

describe('publishing', () => {
  const publish = () => worktrees.publish(NAME, { title: 'A title', body: 'And words' }, never);

  test('pushes what is committed to the branch of its name; a second time what came since', async () => {
    commitFiles(rig.git, inside, { mine: 'x' });
    const first = await publish();
    expect(first).toMatchObject({ branch: 'quick/quick-1', link: null, note: expect.stringContaining('no forge') });
    expect(rig.git(rig.at('up.git'), 'rev-parse', 'quick/quick-1').trim()).toBe(first.commit);
    const second = commitFiles(rig.git, inside, { mine: 'y' });
    expect(await publish()).toMatchObject({ commit: second });
    expect(rig.git(rig.at('up.git'), 'rev-parse', 'quick/quick-1').trim()).toBe(second);
    expect(rig.git(rig.at('up.git'), 'tag')).toBe('');
  });

  test('pushes the work where it is: on a branch of another name, on none', async () => {
    rig.git(inside, 'checkout', '-q', '-b', 'feature');
    const work = commitFiles(rig.git, inside, { mine: 'x' });
    expect(await publish()).toMatchObject({ branch: 'quick/quick-1', commit: work });
    expect(rig.git(rig.at('up.git'), 'rev-parse', 'quick/quick-1').trim()).toBe(work);
    expect(rig.git(rig.at('up.git'), 'branch', '--list', 'feature')).toBe('');
    rig.git(inside, 'checkout', '-q', '--detach');
    const more = commitFiles(rig.git, inside, { mine: 'y' });
    expect(await publish()).toMatchObject({ commit: more });
    expect(rig.git(rig.at('up.git'), 'rev-parse', 'quick/quick-1').trim()).toBe(more);
  });

  test('is refused by a remote that has other commits there, and forces nothing', async () => {
    commitFiles(rig.git, inside, { mine: 'x' });
    const theirs = commitFiles(rig.git, rig.create('x/other'), { other: 'x' });
    rig.git(rig.at('repos', 'x', 'other'), 'push', '-q', rig.at('up.git'), 'main:quick/quick-1');
    await expect(publish()).rejects.toMatchObject({
      code: 'remote_failed',
      message: expect.stringContaining('rejected'),
    });
    expect(rig.git(rig.at('up.git'), 'rev-parse', 'quick/quick-1').trim()).toBe(theirs);
  });

  test('needs a remote', async () => {
    rig.git(root, 'remote', 'remove', 'origin');
    await expect(publish()).rejects.toMatchObject({ code: 'no_remote' });
  });

  test('to a remote that is gone fails in words', async () => {
    rmSync(rig.at('up.git'), { recursive: true });
    await expect(publish()).rejects.toMatchObject({ code: 'remote_failed', retry: 'later' });
  });
});
