import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { lockDataDir } from '../../../../src/store/sqlite/lock.ts';

let root: string;
let dir: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'gatehouse-lock-'));
  dir = join(root, 'data');
});

afterEach(() => rm(root, { recursive: true }));

describe('the lock of a data folder', () => {
  test('the folder is made when it is missing, and the pid stands in gateway.pid', async () => {
    const lock = lockDataDir(dir);
    expect(await readFile(join(dir, 'gateway.pid'), 'utf8')).toBe(`${process.pid}\n`);
    lock.release();
    expect(await readdir(dir)).toEqual(['gateway.lock']);
  });

  test('a second lock in the same process is refused and names the pid and the folder', () => {
    const lock = lockDataDir(dir);
    expect(() => lockDataDir(dir)).toThrow(
      `another gateway (pid ${process.pid}) already uses DATA_DIR ${dir}: stop it or choose another DATA_DIR`,
    );
    lock.release();
  });

  test('a refused second lock leaves the first one standing', () => {
    const lock = lockDataDir(dir);
    expect(() => lockDataDir(dir)).toThrow('another gateway');
    expect(() => lockDataDir(dir)).toThrow('another gateway');
    lock.release();
  });

  test('a folder reached by a symbolic link is the same folder', async () => {
    const lock = lockDataDir(dir);
    const link = join(root, 'link');
    await symlink(dir, link);
    expect(() => lockDataDir(link)).toThrow(dir);
    lock.release();
  });

  test('two folders are locked side by side', () => {
    const locks = [lockDataDir(dir), lockDataDir(join(root, 'other'))];
    for (const lock of locks) lock.release();
  });

  test('a released folder can be locked again, and releasing twice does not free the next holder', () => {
    const first = lockDataDir(dir);
    first.release();
    const second = lockDataDir(dir);
    first.release();
    expect(() => lockDataDir(dir)).toThrow('another gateway');
    second.release();
  });

  test('another process that holds it is named by its pid, and killed leaves no stale lock', async () => {
    const other = await holdInAnotherProcess(dir);
    try {
      expect(() => lockDataDir(dir)).toThrow(`another gateway (pid ${other.pid})`);
    } finally {
      other.kill('SIGKILL');
      await once(other, 'exit');
    }
    const lock = lockDataDir(dir);
    expect(await readFile(join(dir, 'gateway.pid'), 'utf8')).toBe(`${process.pid}\n`);
    lock.release();
  });

  test('another process is refused while this one holds it', async () => {
    const lock = lockDataDir(dir);
    await expect(holdInAnotherProcess(dir)).rejects.toThrow(`another gateway (pid ${process.pid})`);
    lock.release();
  });
});

/** Resolves once the other process holds the lock; rejects with its standard error when it does not get it. */
async function holdInAnotherProcess(folder: string): Promise<ChildProcess> {
  const module = new URL('../../../../src/store/sqlite/lock.ts', import.meta.url).href;
  const program = `
    import { lockDataDir } from ${JSON.stringify(module)};
    const lock = lockDataDir(process.argv[1]);
    process.stdout.write('held');
    process.stdin.resume().on('end', () => lock.release());
  `;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program, folder], { stdio: 'pipe' });
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => {
    complaint += chunk.toString();
  });
  return new Promise((resolve, reject) => {
    child.stdout.once('data', () => {
      resolve(child);
    });
    child.once('close', () => {
      reject(new Error(complaint));
    });
  });
}
