import { existsSync } from 'node:fs';
import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createDoorFiles, type DoorAsk } from '../../../../../src/agents/program/files/door-files.ts';
import { runProgram } from '../../../../../src/lib/run-program.ts';
import { until } from '../../../../helpers/until.ts';

let root: string;
beforeEach(async () => void (root = await mkdtemp(path.join(tmpdir(), 'gatehouse-door-'))));
afterEach(() => rm(root, { recursive: true }));

/** What the agent's editor makes of a composer, and what it tells. */
async function open(stands: string, ask: Omit<DoorAsk, 'nonce'>) {
  const files = createDoorFiles(root, async () => '/bin/false');
  const editor = await files.prepare('w');
  const composer = path.join(root, 'claude-prompt-1.md');
  await writeFile(composer, stands);
  await files.ask('w', { nonce: 'n1', ...ask });
  await runProgram(editor ?? '', [composer]);
  const word = await files.hear('w', { nonce: 'n1', isOurs: ask.isOurs }, 2_000);
  return { word, stands: await readFile(composer, 'utf8') };
}

test.each([
  ['the same', 'a draft hello', 'a draft hello', true],
  ['the same, of several lines with an empty one at the end', 'a\n\nb\n\n', 'a\n\nb\n\n', true],
  ['the same with signs of the shell', '$(date) `id` "x" \\', '$(date) `id` "x" \\', true],
  ['with a letter more', 'hello, ', 'hello', false],
  ['with a line break more', 'hello\n', 'hello', false],
  ['with a letter less', 'hell', 'hello', false],
  ['empty', '', 'hello', false],
])('%s: what alone may be replaced is, or nothing is', async (_name, stands, same, isSame) => {
  const found = await open(stands, { mode: 'same', text: 'instead', same, isOurs: false });
  expect(found.word).toEqual({ did: isSame ? 'replaced' : 'kept', was: stands, ours: null });
  expect(found.stands).toBe(isSame ? 'instead' : stands);
});

const CHARACTERS = Array.from({ length: 0x11_00 - 8 }, (_, at) =>
  String.fromCodePoint((at + 8) * 0x100 + (at % 0x100)),
);
const TEXTS: readonly (readonly [string, string])[] = [
  ['ASCII', String.fromCodePoint(...Array.from({ length: 127 }, (_, at) => at + 1))],
  ['what follows ASCII', String.fromCodePoint(...Array.from({ length: 0x780 }, (_, at) => at + 0x80))],
  ['a character of each of 256', CHARACTERS.filter((text) => text.isWellFormed()).join('')],
  ['what a shell would run', `'"'$(touch /tmp/x)'\\''\`id\`$HOME\\\n%s%d\\0\\c-n'\n`],
  ['an empty one', ''],
  ['a dash in front', '-n'],
  ['line breaks alone', '\n\n\n'],
  ['256 kB', "it's ü\n".repeat(32_000)],
];

describe.each(['sh', 'bash'])('whose key it is, by %s', (shell) => {
  /** What the editor's command tells of a composer in which `stands` stood. */
  async function press(editor: string, stands = 'a line'): Promise<string> {
    const composer = path.join(root, 'claude-prompt-1.md');
    await writeFile(composer, stands);
    await runProgram(shell, [editor, composer]);
    return readFile(composer, 'utf8');
  }
  async function prepare() {
    const own = path.join(root, 'own-editor');
    await writeFile(own, '#!/bin/sh\necho by a person >"$1"\n', { mode: 0o700 });
    const files = createDoorFiles(root, async () => own);
    return { files, editor: (await files.prepare('w')) ?? '', folder: path.join(root, 'w', 'door') };
  }
  const ASK = { nonce: 'n1', mode: 'any', text: 'ours', isOurs: true } as const;

  test.each(TEXTS)('%s gets into the composer byte by byte', async (_what, text) => {
    const { files, editor } = await prepare();
    await files.ask('w', { ...ASK, text });
    expect(await press(editor)).toBe(text);
    expect(await files.hear('w', ASK, 2_000)).toMatchObject({ did: 'replaced', was: 'a line' });
  });

  test('nobody asked, or another file is edited: a person’s', async () => {
    const { files, editor } = await prepare();
    expect(await press(editor)).toBe('by a person\n');
    await files.ask('w', ASK);
    const plan = path.join(root, 'plan.md');
    await writeFile(plan, 'a plan');
    await runProgram(shell, [editor, plan]);
    expect(await readFile(plan, 'utf8')).toBe('by a person\n');
  });

  test('one ask is for one key', async () => {
    const { files, editor } = await prepare();
    await files.ask('w', ASK);
    expect(await press(editor)).toBe('ours');
    expect(await press(editor)).toBe('by a person\n');
    expect(await files.hear('w', ASK, 2_000)).toEqual({ did: 'replaced', was: 'a line', ours: null });
    expect(await press(editor)).toBe('by a person\n');
  });

  test('an ask whose time is over is none', async () => {
    const { files, editor, folder } = await prepare();
    await files.ask('w', ASK);
    const before = Date.now() / 1_000 - 1;
    await utimes(path.join(folder, 'ask'), before, before);
    expect(await press(editor)).toBe('by a person\n');
  });

  test('a key that comes too late leaves what stands there', async () => {
    const { files, editor } = await prepare();
    await files.ask('w', ASK);
    expect(await files.hear('w', ASK, 1)).toBeNull();
    expect(await press(editor)).toBe('a line');
    expect(await press(editor)).toBe('by a person\n');
  });

  test('of several keys that come too late each leaves what stands there, and none is kept for another', async () => {
    const { files, editor, folder } = await prepare();
    for (const nonce of ['n1', 'n2']) {
      await files.ask('w', { ...ASK, nonce });
      expect(await files.hear('w', { ...ASK, nonce }, 1)).toBeNull();
    }
    expect(await press(editor)).toBe('a line');
    expect(await press(editor)).toBe('a line');
    expect(await press(editor)).toBe('by a person\n');
    await files.ask('w', { ...ASK, nonce: 'n3' });
    expect(await press(editor)).toBe('ours');
    expect(await files.hear('w', { ...ASK, nonce: 'n3' }, 2_000)).toMatchObject({ did: 'replaced' });
    expect((await readdir(folder)).filter((name) => !/^taken-n[12]$/.test(name)).toSorted()).toEqual([
      'editor',
      'ours',
    ]);
    expect(await press(editor)).toBe('by a person\n');
  });

  test('a key that comes too late and does the next ask leaves that one’s key nothing, and no person’s editor', async () => {
    const { files, editor } = await prepare();
    await files.ask('w', ASK);
    expect(await files.hear('w', ASK, 1)).toBeNull();
    await files.ask('w', { ...ASK, nonce: 'n2' });
    expect(await press(editor)).toBe('ours');
    expect(await files.hear('w', { ...ASK, nonce: 'n2' }, 2_000)).toMatchObject({ did: 'replaced' });
    expect(await press(editor)).toBe('a line');
    expect(await press(editor)).toBe('by a person\n');
  });

  /** Another editor reads the ask, and goes on when it is told to. */
  async function pressSlowly({ editor, folder }: { readonly editor: string; readonly folder: string }) {
    const [ask, begun, go] = [path.join(folder, 'ask'), path.join(root, 'begun'), path.join(root, 'go')];
    const { mtime } = await stat(ask);
    await appendFile(ask, `: >'${begun}'\nuntil [ -e '${go}' ]; do :; done\n`);
    await utimes(ask, mtime, mtime);
    const pressed = press(editor);
    await until(() => existsSync(begun));
    return async () => {
      await writeFile(go, '');
      return pressed;
    };
  }

  test('an editor that read the ask before it was too late, and goes on behind that, leaves what stands there', async () => {
    const { files, ...door } = await prepare();
    await files.ask('w', ASK);
    const goOn = await pressSlowly(door);
    expect(await files.hear('w', ASK, 1)).toBeNull();
    expect(await goOn()).toBe('a line');
  });

  test('one that read an ask that another had done meanwhile, is a person’s', async () => {
    const { files, ...door } = await prepare();
    await files.ask('w', ASK);
    const read = await readFile(path.join(door.folder, 'ask'), 'utf8');
    const goOn = await pressSlowly(door);
    await writeFile(path.join(door.folder, 'ask'), read);
    const other = path.join(root, 'claude-prompt-2.md');
    await writeFile(other, '');
    await utimes(other, 1, 1);
    await runProgram(shell, [door.editor, other]);
    expect(await files.hear('w', ASK, 2_000)).toMatchObject({ did: 'replaced' });
    expect(await goOn()).toBe('by a person\n');
  });

  test('what a person exports is changed for no program, and none of it is too long for one', async () => {
    const { files, editor } = await prepare();
    const names = ['door', 'nonce', 'mode', 'text', 'same', 'did'];
    const env = { ...process.env, ...Object.fromEntries(names.map((name) => [name, 'mine'])) };
    const composer = path.join(root, 'claude-prompt-1.md');
    await writeFile(composer, 'a line');
    const text = 'x'.repeat(256_000);
    await files.ask('w', { ...ASK, text });
    await runProgram(shell, [editor, composer], { env });
    expect(await readFile(composer, 'utf8')).toBe(text);
    await writeFile(path.join(root, 'own-editor'), '#!/bin/sh\nset >"$1"\n');
    await runProgram(shell, [editor, composer], { env });
    const said = (await readFile(composer, 'utf8')).split('\n');
    expect(said).toEqual(expect.arrayContaining(names.map((name) => expect.stringMatching(`^${name}='?mine'?$`))));
  });

  test('a file in a folder that has the name of a composer’s file is a person’s', async () => {
    const { files, editor } = await prepare();
    await files.ask('w', ASK);
    const plan = path.join(root, 'claude-prompt-ideas', 'plan.md');
    await mkdir(path.dirname(plan));
    await writeFile(plan, 'a plan');
    await runProgram(shell, [editor, plan]);
    expect(await readFile(plan, 'utf8')).toBe('by a person\n');
  });

  test('that of an earlier gateway is written anew for an agent that lives, and none where there is none', async () => {
    const { files, editor, folder } = await prepare();
    await writeFile(editor, '#!/bin/sh\necho by an earlier one >"$1"\n');
    await files.renew('w');
    await files.ask('w', ASK);
    expect(await press(editor)).toBe('ours');
    expect((await readdir(folder)).filter((name) => name.startsWith('editor'))).toEqual(['editor']);
    await files.renew('another');
    expect(await readdir(root)).not.toContain('another');
  });

  test('the next ask finds a folder with nothing of the one before in it', async () => {
    const { files, editor, folder } = await prepare();
    for (const nonce of ['n1', 'n2']) {
      await files.ask('w', { ...ASK, nonce });
      expect(await press(editor)).toBe('ours');
      expect(await files.hear('w', { ...ASK, nonce }, 2_000)).toMatchObject({ did: 'replaced' });
      expect((await readdir(folder)).toSorted()).toEqual(['editor', 'ours']);
    }
  });
});
