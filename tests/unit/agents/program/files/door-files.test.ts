import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createDoorFiles, type DoorAsk } from '../../../../../src/agents/program/files/door-files.ts';
import { runProgram } from '../../../../../src/lib/run-program.ts';

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
