import { mkdir, readdir, realpath, rmdir, stat, symlink, unlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { createWorkspaces } from '../../../src/workspaces/folders.ts';
import { createTempFolder } from '../../helpers/temp-folder.ts';

const invalid = { code: 'invalid_field', field: 'workspace' };

describe('the folder of a workspace', () => {
  test('is made below the root, which is made, too', async () => {
    using temp = createTempFolder();
    const root = path.join(temp.path, 'new', 'root');
    const folder = await createWorkspaces(root).ensure('a');
    expect(folder).toBe(path.join(root, 'a'));
    expect((await stat(folder)).isDirectory()).toBe(true);
  });

  test('is located where it would be, and not made', async () => {
    using temp = createTempFolder();
    await symlink(temp.path, path.join(temp.path, 'link'));
    const workspaces = createWorkspaces(path.join(temp.path, 'link'));
    expect(await workspaces.locate('a')).toBe(path.join(temp.path, 'a'));
    await expect(stat(path.join(temp.path, 'a'))).rejects.toThrow('ENOENT');
    expect(await workspaces.ensure('a')).toBe(await workspaces.locate('a'));
    expect(await createWorkspaces('/no/such/root').locate('a')).toBe('/no/such/root/a');
  });

  test('is, of a quick session, its worktree, which is never made here', async () => {
    using temp = createTempFolder();
    const [root, trees] = [path.join(temp.path, 'root'), path.join(temp.path, 'trees')];
    const workspaces = createWorkspaces(root, trees);
    await expect(workspaces.ensure('quick-7')).rejects.toMatchObject({ code: 'not_found' });
    await mkdir(path.join(trees, 'quick-7'), { recursive: true });
    expect(await workspaces.ensure('quick-7')).toBe(path.join(trees, 'quick-7'));
    expect(await workspaces.locate('quick-7')).toBe(path.join(trees, 'quick-7'));
    expect(await workspaces.ensure('quick-thing')).toBe(path.join(root, 'quick-thing'));
    expect(await createWorkspaces(root).ensure('quick-7')).toBe(path.join(root, 'quick-7'));
  });

  test('keeps what it holds', async () => {
    using temp = createTempFolder();
    const workspaces = createWorkspaces(temp.path);
    const file = path.join(await workspaces.ensure('a'), 'note');
    await writeFile(file, 'x');
    expect(await workspaces.ensure('a')).toBe(path.dirname(file));
    expect((await stat(file)).size).toBe(1);
  });

  test('is one when two ask at once', async () => {
    using temp = createTempFolder();
    const workspaces = createWorkspaces(path.join(temp.path, 'root'));
    const [one, other] = await Promise.all([workspaces.ensure('a'), workspaces.ensure('a')]);
    expect(one).toBe(other);
  });

  test('is refused where somebody puts a link in the very moment', async () => {
    using temp = createTempFolder();
    const [root, elsewhere] = [path.join(temp.path, 'root'), path.join(temp.path, 'elsewhere')];
    await Promise.all([mkdir(root), mkdir(elsewhere)]);
    const workspaces = createWorkspaces(root);
    for (let round = 0; round < 50; round += 1) {
      const name = `w${round}`;
      const [asked, linked] = await Promise.allSettled([
        workspaces.ensure(name),
        symlink(elsewhere, path.join(root, name)),
      ]);
      expect(asked.status).toBe(linked.status === 'fulfilled' ? 'rejected' : 'fulfilled');
    }
  });

  test('has its real path when the root is a link', async () => {
    using temp = createTempFolder();
    await mkdir(path.join(temp.path, 'real'));
    await symlink(path.join(temp.path, 'real'), path.join(temp.path, 'link'));
    const folder = await createWorkspaces(path.join(temp.path, 'link')).ensure('a');
    expect(folder).toBe(path.join(temp.path, 'real', 'a'));
    expect(folder).toBe(await realpath(folder));
  });

  test.each<[string, (at: string, outside: string) => Promise<void>]>([
    ['a file', (at) => writeFile(at, '')],
    ['a link to a folder outside', (at, outside) => symlink(outside, at)],
    ['a link to nowhere', (at) => symlink('/nowhere/at/all', at)],
  ])('is refused when it is %s', async (_name, place) => {
    using temp = createTempFolder();
    using outside = createTempFolder();
    await place(path.join(temp.path, 'a'), outside.path);
    await expect(createWorkspaces(temp.path).ensure('a')).rejects.toMatchObject(invalid);
  });

  test('is looked for each time, so that a root can be repaired', async () => {
    using temp = createTempFolder();
    const root = path.join(temp.path, 'root');
    const workspaces = createWorkspaces(root);
    await writeFile(root, 'no folder');
    await expect(workspaces.ensure('a')).rejects.toMatchObject({
      ...invalid,
      message: expect.stringContaining('WORKSPACES_ROOT'),
    });
    await unlink(root);
    const folder = await workspaces.ensure('a');
    await rmdir(folder);
    expect(await workspaces.ensure('a')).toBe(folder);
    expect((await stat(folder)).isDirectory()).toBe(true);
  });
});

describe('the root of the workspaces', () => {
  test('A1: is found well by each of a hundred who look at once, and nothing is left in it', async () => {
    using temp = createTempFolder();
    const looks = Array.from({ length: 100 }, () => createWorkspaces(temp.path).check());
    expect((await Promise.allSettled(looks)).filter(({ status }) => status === 'rejected')).toEqual([]);
    expect(await readdir(temp.path)).toEqual([]);
  });
});
