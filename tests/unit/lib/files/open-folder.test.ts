import { mkdir, stat, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { openFolder } from '../../../../src/lib/files/open-folder.ts';
import { createTempFolder } from '../../../helpers/temp-folder.ts';

describe('a folder of the settings', () => {
  test('is made with all above it, and only as open as was asked', async () => {
    using temp = createTempFolder();
    const folder = path.join(temp.path, 'new', 'data');
    expect(await openFolder('DATA_DIR', folder, 0o700)).toBe(folder);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
  });

  test('that is there is left as it is', async () => {
    using temp = createTempFolder();
    const folder = path.join(temp.path, 'data');
    await mkdir(folder, { mode: 0o750 });
    await writeFile(path.join(folder, 'kept'), 'x');
    await openFolder('DATA_DIR', folder, 0o700);
    expect((await stat(folder)).mode & 0o777).toBe(0o750);
    expect((await stat(path.join(folder, 'kept'))).size).toBe(1);
  });

  test('is known by its real path', async () => {
    using temp = createTempFolder();
    await mkdir(path.join(temp.path, 'real'));
    await symlink('real', path.join(temp.path, 'link'));
    expect(await openFolder('DATA_DIR', path.join(temp.path, 'link'))).toBe(path.join(temp.path, 'real'));
  });

  test.each([
    ['a file', 'file'],
    ['below a file', 'file/data'],
    ['a link to a file', 'link'],
  ])('that is %s is refused with the name of its variable', async (_name, place) => {
    using temp = createTempFolder();
    await writeFile(path.join(temp.path, 'file'), '');
    await symlink('file', path.join(temp.path, 'link'));
    const folder = path.join(temp.path, place);
    await expect(openFolder('DATA_DIR', folder)).rejects.toThrow(`DATA_DIR: ${folder} is not a folder`);
  });
});
