import { lstatSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { moveFile, putBack } from '../../../src/inbox/durable.ts';
import { createTempFolder } from '../../helpers/temp-folder.ts';

test('a file that was replaced is not moved, and stands where it was', async () => {
  using folder = createTempFolder();
  const [from, to] = [`${folder.path}/a.md`, `${folder.path}/b.md`];
  writeFileSync(from, 'first');
  const first = lstatSync(from, { bigint: true });
  writeFileSync(`${folder.path}/draft`, 'second');
  renameSync(`${folder.path}/draft`, from);
  expect(await moveFile(from, to, first)).toBe('replaced');
  expect(readdirSync(folder.path)).toEqual(['a.md']);
  expect(readFileSync(from, 'utf8')).toBe('second');
});

test('what is put back does not replace a third file, which its writer meant to be the last', async () => {
  using folder = createTempFolder();
  const [from, to] = [`${folder.path}/a.md`, `${folder.path}/b.md`];
  writeFileSync(to, 'second');
  writeFileSync(from, 'third');
  await putBack(to, from);
  expect(readdirSync(folder.path)).toEqual(['a.md']);
  expect(readFileSync(from, 'utf8')).toBe('third');
});

test('P1: a file whose inode number changes on its way is moved, and told as such', async () => {
  using folder = createTempFolder();
  const [from, to] = [`${folder.path}/a.md`, `${folder.path}/b.md`];
  writeFileSync(from, 'first');
  const { dev, ino, size, mtimeNs } = lstatSync(from, { bigint: true });
  expect(await moveFile(from, to, { dev, ino: ino + 1n, size, mtimeNs })).toBe('renumbered');
  expect(readdirSync(folder.path)).toEqual(['b.md']);
});
