import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  commitFiles,
  createRepositoryRig,
  findLeftOvers,
  listWorktrees,
  lookAtCheckout,
  never,
  type RepositoryRig,
} from '../../helpers/repository-rig.ts';

let rig: RepositoryRig;

beforeEach(() => {
  rig = createRepositoryRig();
});
afterEach(() => rig[Symbol.dispose]());

describe('a sweep', () => {
  /** What a kill of the whole machine leaves: files of the entry in the order in which git writes them. */
  const files = ['', 'locked', 'gitdir', 'HEAD', 'commondir', 'whole'] as const;
  const states = files.flatMap((last) => [
    { last, isEmpty: false },
    { last, isEmpty: true },
  ]);

  test.each(states)('heals an add that ended at its file "$last" (empty: $isEmpty)', async ({ last, isEmpty }) => {
    const root = rig.create('o/r');
    const before = lookAtCheckout(root);
    await rig.add('o/r', 'quick-1');
    const entry = path.join(root, '.git', 'worktrees', 'quick-1');
    const kept = { locked: 'initializing', gitdir: read('gitdir'), HEAD: '0'.repeat(40), commondir: '../..\n' };
    function read(name: string): string {
      return readFileSync(path.join(entry, name), 'utf8');
    }
    if (last !== 'whole') {
      rmSync(entry, { recursive: true });
      mkdirSync(entry, { recursive: true });
      rmSync(rig.at('worktrees', 'quick-1'), { recursive: true });
      if (isEmpty) mkdirSync(rig.at('worktrees', 'quick-1'));
      for (const name of ['locked', 'gitdir', 'HEAD', 'commondir'] as const) {
        if (files.indexOf(name) > files.indexOf(last)) continue;
        writeFileSync(path.join(entry, name), isEmpty && name === last ? '' : kept[name]);
      }
    } else {
      writeFileSync(path.join(entry, 'index.lock'), '');
      if (isEmpty) rmSync(rig.at('worktrees', 'quick-1'), { recursive: true });
    }
    const swept = await rig.open().sweep([], never);
    expect(swept).toEqual({ removed: ['quick-1'], kept: [], failed: [] });
    expect(findLeftOvers(rig, root)).toEqual([]);
    rig.git(root, 'fetch', '-q', '.', 'main');
    rmSync(path.join(root, '.git', 'FETCH_HEAD'));
    expect(lookAtCheckout(root)).toBe(before);
  });

  test('leaves what is known, what this process made, and what is not of a session', async () => {
    const root = rig.create('o/r');
    const known = { repo: 'o/r', id: 'quick-1' };
    await rig.add('o/r', 'quick-1');
    const other = rig.open();
    await other.add({ repo: 'o/r', id: 'quick-2' }, new AbortController().signal);
    rig.git(root, 'worktree', 'add', '-q', '-b', 'quick/mine', rig.at('mine'));
    mkdirSync(rig.at('worktrees', 'of-a-person'));
    expect(await other.sweep([known], never)).toEqual({ removed: [], kept: [], failed: [] });
    const names = listWorktrees(rig, root).map((one) => path.basename(one.path));
    expect(names.toSorted()).toEqual(['mine', 'quick-1', 'quick-2']);
    expect(existsSync(rig.at('mine', 'a.txt'))).toBe(true);
    expect(readdirSync(rig.roots).toSorted()).toEqual(['of-a-person', 'quick-1', 'quick-2']);
  });

  test('removes branches without a worktree, and keeps those that hold something alone', async () => {
    const root = rig.create('o/r');
    rig.git(root, 'branch', 'quick/quick-1');
    rig.git(root, 'checkout', '-q', '-b', 'quick/quick-2');
    commitFiles(rig.git, root, { mine: 'x' });
    rig.git(root, 'checkout', '-q', 'main');
    rig.git(root, 'pack-refs', '--all');
    const kept = [{ repo: 'o/r', branch: 'quick/quick-2' }];
    expect(await rig.worktrees.sweep([], never)).toEqual({ removed: ['quick-1'], kept, failed: [] });
    expect(rig.git(root, 'branch', '--list', 'quick/*').trim()).toBe('quick/quick-2');
  });

  test('removes locks that nobody can hold any more, and leaves young ones', async () => {
    const root = rig.create('o/r');
    rig.git(root, 'branch', 'quick/quick-1');
    const [old, young] = ['packed-refs.lock', 'config.lock'].map((name) => path.join(root, '.git', name));
    for (const file of [old, young]) writeFileSync(file ?? '', '');
    utimesSync(old ?? '', new Date(0), new Date(0));
    await rig.worktrees.sweep([{ repo: 'o/r', id: 'quick-1' }], never);
    expect([existsSync(old ?? ''), existsSync(young ?? '')]).toEqual([false, true]);
  });

  test('ends when it is called off, and takes nothing more', async () => {
    const root = rig.create('o/r');
    rig.git(root, 'branch', 'quick/quick-1');
    mkdirSync(rig.at('worktrees', 'quick-2'));
    await expect(rig.worktrees.sweep([], AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone');
    expect(rig.git(root, 'branch', '--list', 'quick/*').trim()).toBe('quick/quick-1');
    expect(readdirSync(rig.roots)).toEqual(['quick-2']);
  });

  test('goes on behind a repository that cannot be looked at, and names it', async () => {
    mkdirSync(rig.at('repos', 'a', 'broken', '.git'), { recursive: true });
    const root = rig.create('o/r');
    rig.git(root, 'branch', 'quick/quick-1');
    const { removed, failed } = await rig.worktrees.sweep([], never);
    expect(removed).toEqual(['quick-1']);
    expect(failed).toEqual([{ repo: 'a/broken', error: expect.stringContaining('no git repository') }]);
  });
});
