import { renameSync, rmSync } from 'node:fs';
import { lstat, mkdir, readdir, readFile, realpath, symlink, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { runProgram } from '../../../src/lib/run-program.ts';
import { createWorkspaceFiles } from '../../../src/workspaces/files.ts';
import { createWorkspaces } from '../../../src/workspaces/folders.ts';
import { createTempFolder } from '../../helpers/temp-folder.ts';

async function openBench() {
  const temp = createTempFolder();
  const root = await realpath(temp.path);
  const folders = createWorkspaces(path.join(root, 'workspaces'));
  const folder = await folders.ensure('demo');
  return {
    root,
    folder,
    files: createWorkspaceFiles(folders),
    inbox: path.join(folder, 'inbox'),
    [Symbol.dispose]: () => temp[Symbol.dispose](),
  };
}

describe('what people sent', () => {
  test('lies in the inbox of the workspace, whole, and nothing beside', async () => {
    using bench = await openBench();
    expect(await bench.files.receive('demo', 'a.txt', Buffer.from('one'))).toBe('inbox/a.txt');
    expect(await readFile(path.join(bench.inbox, 'a.txt'), 'utf8')).toBe('one');
    expect(await readdir(bench.inbox)).toEqual(['a.txt']);
  });

  test('overwrites nothing, and the same again is the same file', async () => {
    using bench = await openBench();
    const receive = (content: string) => bench.files.receive('demo', 'a.txt', Buffer.from(content));
    expect([await receive('one'), await receive('two'), await receive('one'), await receive('two')]).toEqual([
      'inbox/a.txt',
      'inbox/a-2.txt',
      'inbox/a.txt',
      'inbox/a-2.txt',
    ]);
  });

  test('of one name at once are all kept', async () => {
    using bench = await openBench();
    const all = Array.from({ length: 20 }, (_, at) => bench.files.receive('demo', 'a.txt', Buffer.from(`${at}`)));
    expect(new Set(await Promise.all(all)).size).toBe(20);
  });

  test('gets a name without a way out', async () => {
    using bench = await openBench();
    expect(await bench.files.receive('demo', '../../out.txt', Buffer.from('x'))).toBe('inbox/out.txt');
    expect(await readdir(bench.root)).toEqual(['workspaces']);
  });

  test('follows no link out of the workspace', async () => {
    using bench = await openBench();
    await mkdir(path.join(bench.root, 'outside'));
    await symlink(path.join(bench.root, 'outside'), bench.inbox);
    const refused = bench.files.receive('demo', 'a.txt', Buffer.from('x'));
    await expect(refused).rejects.toMatchObject({ code: 'invalid_field', field: 'file' });
    expect(await readdir(path.join(bench.root, 'outside'))).toEqual([]);
  });

  test('is tried again while its place cannot be made, and refused where only a person mends it', async () => {
    using bench = await openBench();
    const into = (folder: string) =>
      createWorkspaceFiles({ ensure: async () => folder, locate: async () => folder })
        .receive('demo', 'a.txt', Buffer.from('x'))
        .catch((error: unknown) => error);
    const [gone, file] = [path.join(bench.root, 'gone'), path.join(bench.root, 'file')];
    await writeFile(file, '');
    expect([await into(gone), await into(file)]).toMatchObject([
      { code: 'storage_unavailable' },
      { code: 'invalid_field' },
    ]);
  });

  test('does not leave the workspace, however fast the inbox is swapped with a link', async () => {
    using bench = await openBench();
    const outside = path.join(bench.root, 'outside');
    await Promise.all([outside, bench.inbox].map((folder) => mkdir(folder)));
    await symlink(outside, path.join(bench.folder, 'link'));
    await swapping(bench.folder, 'inbox', async () => {
      for (let at = 0; at < 150; at += 1) {
        await bench.files.receive('demo', 'a.txt', Buffer.from(`${at}`)).catch(() => {});
      }
    });
    expect(await readdir(outside)).toEqual([]);
  });

  test('does not write through a link in the inbox', async () => {
    using bench = await openBench();
    await mkdir(bench.inbox);
    await writeFile(path.join(bench.root, 'target'), 'x');
    await symlink(path.join(bench.root, 'target'), path.join(bench.inbox, 'a.txt'));
    await symlink(path.join(bench.root, 'none'), path.join(bench.inbox, 'a-2.txt'));
    expect(await bench.files.receive('demo', 'a.txt', Buffer.from('x'))).toBe('inbox/a-3.txt');
    expect(await readdir(bench.root)).toEqual(['target', 'workspaces']);
  });

  test('is refused once a thousand files lie there', async () => {
    using bench = await openBench();
    await mkdir(bench.inbox);
    await Promise.all(Array.from({ length: 1_000 }, (_, at) => writeFile(path.join(bench.inbox, `f${at}`), '')));
    await expect(bench.files.receive('demo', 'a.txt', Buffer.from('x'))).rejects.toThrow('is full');
  });

  test('sweeps away what a crash left of an earlier one, and not what is being written', async () => {
    using bench = await openBench();
    await mkdir(bench.inbox);
    const names = ['1', '2'].map((digit) => `.${digit.repeat(8)}-1111-1111-1111-111111111111.draft`);
    for (const name of names) await writeFile(path.join(bench.inbox, name), 'ha');
    await utimes(path.join(bench.inbox, names[0] ?? ''), 1, 1);
    await bench.files.receive('demo', 'a.txt', Buffer.from('x'));
    expect(await readdir(bench.inbox)).toEqual([names[1], 'a.txt']);
  });
});

describe('a file that an agent names', () => {
  test('is read by a path from the workspace, and by a whole one', async () => {
    using bench = await openBench();
    await mkdir(path.join(bench.folder, 'out'));
    await writeFile(path.join(bench.folder, 'out', 'a.txt'), 'one');
    await symlink('a.txt', path.join(bench.folder, 'out', 'link'));
    for (const name of ['out/a.txt', './out/../out/a.txt', path.join(bench.folder, 'out/a.txt'), 'out/link']) {
      expect(await bench.files.read('demo', name, 3)).toEqual({ kind: 'found', bytes: Buffer.from('one') });
    }
  });

  test.each([
    ['nothing/there', 'is not there'],
    ['a\u0000b', 'is not there'],
    ['x'.repeat(5_000), 'is not there'],
    ['../../secret', 'lies outside of the workspace'],
    ['/etc/hostname', 'lies outside of the workspace'],
    ['out', 'lies outside of the workspace'],
    ['away', 'lies outside of the workspace'],
    ['.', 'lies outside of the workspace'],
    ['folder', 'is not a file'],
    ['large/', 'is not a file'],
    ['folder/.', 'is not a file'],
    ['pipe', 'is not a file'],
    ['loop', 'is not a file'],
    ['large', 'is larger than 1 kB'],
  ])('%j is refused: it %s', async (name, why) => {
    using bench = await openBench();
    await writeFile(path.join(bench.root, 'secret'), 'x');
    await symlink(path.join(bench.root, 'secret'), path.join(bench.folder, 'out'));
    await symlink('../..', path.join(bench.folder, 'away'));
    await symlink('loop', path.join(bench.folder, 'loop'));
    await mkdir(path.join(bench.folder, 'folder'));
    await runProgram('mkfifo', [path.join(bench.folder, 'pipe')]);
    await writeFile(path.join(bench.folder, 'large'), 'x'.repeat(1_025));
    expect(await bench.files.read('demo', name, 1_024)).toEqual({ kind: 'refused', why });
  });

  test('is never one from outside, however fast its folder is swapped with a link', async () => {
    using bench = await openBench();
    const [outside, folder] = [path.join(bench.root, 'outside'), path.join(bench.folder, 'out')];
    for (const [place, content] of [
      [outside, 'secret'],
      [folder, 'ours'],
    ] as const) {
      await mkdir(place);
      await writeFile(path.join(place, 'a.txt'), content);
    }
    await symlink(outside, path.join(bench.folder, 'link'));
    const seen = new Set<string>();
    await swapping(bench.folder, 'out', async () => {
      for (let at = 0; at < 1_000; at += 1) {
        const found = await bench.files.read('demo', 'out/a.txt', 99);
        seen.add(found.kind === 'found' ? Buffer.from(found.bytes).toString() : found.why);
      }
    });
    expect([...seen].filter((what) => what === 'secret')).toEqual([]);
  });

  test('is refused of a workspace that is a link itself', async () => {
    using bench = await openBench();
    await mkdir(path.join(bench.root, 'outside'));
    await writeFile(path.join(bench.root, 'outside', 'a'), 'x');
    await symlink(path.join(bench.root, 'outside'), path.join(bench.root, 'workspaces', 'other'));
    expect(await bench.files.read('other', 'a', 9)).toMatchObject({ kind: 'refused' });
    expect((await lstat(bench.folder)).isDirectory()).toBe(true);
  });
});

/** While `act` runs, what is called `name` and what is called `link` change their names all the time. */
async function swapping(folder: string, name: string, act: () => Promise<void>): Promise<void> {
  const to = (part: string): string => path.join(folder, part);
  let next: NodeJS.Immediate;
  let count = 0;
  const swap = (): void => {
    next = setImmediate(swap);
    // Not in step with what it is to disturb.
    if ((count += 1) % 5 > 1) return;
    renameSync(to(name), to('aside'));
    while (!isPut()) continue;
    renameSync(to('aside'), to('link'));
  };
  /** False when one was made there in the meantime. */
  const isPut = (): boolean => {
    try {
      rmSync(to(name), { recursive: true, force: true });
      renameSync(to('link'), to(name));
      return true;
    } catch {
      return false;
    }
  };
  next = setImmediate(swap);
  await act().finally(() => clearImmediate(next));
}
