import { chmod, mkdir, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createLateKeys, LATE_S, type LateKeys } from './late-keys.ts';
import { untilFound } from './until-found.ts';
import { toEditorAsk, toEditorScript, type EditorAsk, type EditorDeed, type EditorMode } from './editor-script.ts';

/** What the gateway wants of an agent's composer, told to its editor before the key is pressed. */
export interface DoorAsk {
  /** Names the ask: letters and digits. */
  readonly nonce: string;
  readonly mode: EditorMode;
  readonly text: string;
  /** What alone may be replaced, in the mode `same`. */
  readonly same?: string;
  /** False for a line of a person that is given back. */
  readonly isOurs: boolean;
}

/** What the editor found and did. */
export interface DoorWord {
  readonly did: EditorDeed;
  /** What stood in the composer before. */
  readonly was: string;
  /** What the gateway put there last; null when it never did. */
  readonly ours: string | null;
}

/** The private folder through which the gateway and an agent's editor speak. */
export interface DoorFiles {
  /** Makes the editor of a workspace's agent, and forgets what was asked of an earlier one. Null when its path could not be
   *  given to the CLI, which cuts it at spaces. */
  prepare(workspace: string): Promise<string | null>;
  /** Writes the editor of an agent that lives anew, where it has one: that of an earlier gateway may not understand what
   *  is asked of it, and would open a person's. */
  renew(workspace: string): Promise<void>;
  ask(workspace: string, ask: DoorAsk): Promise<void>;
  /** Waits for the editor's word. Null when it was not started within that time: should it be started late, it leaves the
   *  composer as it is. */
  hear(workspace: string, ask: Pick<DoorAsk, 'nonce' | 'isOurs'>, withinMs: number): Promise<DoorWord | null>;
}

/** An ask that outlives its gateway must not take a person's key for long. */
const ASK_HOLDS_S = 10;
/** An editor that has begun is done a moment later. */
const DONE_WITHIN_MS = 2_000;

export function createDoorFiles(root: string, findOwnEditor: () => Promise<string>): DoorFiles {
  const toFolder = (workspace: string): string => path.join(root, workspace, 'door');
  const late = createLateKeys();

  return {
    async prepare(workspace) {
      const folder = toFolder(workspace);
      late.forgetAll(folder);
      // What an agent that is just ending still writes there must not fail the next one's start.
      await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 });
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const editor = await writeEditor(folder, await findOwnEditor());
      return editor.includes(' ') ? null : editor;
    },

    async renew(workspace) {
      // There is none, or the disk takes nothing: then it takes no ask either.
      await writeEditor(toFolder(workspace), await findOwnEditor()).catch(() => {});
    },

    async ask(workspace, { nonce, mode, text, same = '' }) {
      const folder = toFolder(workspace);
      if (mode !== 'leave') await writeFile(path.join(folder, `text-${nonce}`), text, { mode: 0o600 });
      await put(folder, { nonces: [nonce], mode, text, same }, ASK_HOLDS_S);
    },

    async hear(workspace, { nonce, isOurs }, withinMs) {
      const folder = toFolder(workspace);
      const told = path.join(folder, `told-${nonce}`);
      const used = [`text-${nonce}`, `was-${nonce}`, `told-${nonce}`];
      try {
        let did = await readSoon(folder, told, withinMs);
        if (did === null) {
          late.add(folder, `${nonce}-late`);
          // Before nobody can take the ask any more.
          await close(folder, late);
          if (!(await take(folder, nonce))) did = await readSoon(folder, told, DONE_WITHIN_MS);
        }
        if (did === null) return null;
        const answer = await readAnswer(folder, { nonce, isOurs }, did);
        late.forget(folder, `${nonce}-late`);
        // First the ask: as long as it is there, it has to be known that it was taken.
        await close(folder, late);
        used.push(`taken-${nonce}`);
        return answer;
      } finally {
        await Promise.all(used.map((name) => rm(path.join(folder, name), { force: true })));
      }
    },
  };
}

/** In one step: an editor that was begun reads on in the one before. */
async function writeEditor(folder: string, ownEditor: string): Promise<string> {
  const [editor, draft] = [path.join(folder, 'editor'), path.join(folder, 'editor.draft')];
  await writeFile(draft, toEditorScript(folder, ownEditor));
  await chmod(draft, 0o700);
  await rename(draft, editor);
  return editor;
}

async function readAnswer(
  folder: string,
  { nonce, isOurs }: Pick<DoorAsk, 'nonce' | 'isOurs'>,
  did: EditorDeed,
): Promise<DoorWord> {
  const lastText = path.join(folder, 'ours');
  const was = await readFile(path.join(folder, `was-${nonce}`), 'utf8');
  const ours = was === '' ? null : await readFile(lastText, 'utf8').catch(() => null);
  // It outlives this process: a later one knows by it what is not a person's.
  if (did === 'replaced' && isOurs) await rename(path.join(folder, `text-${nonce}`), lastText);
  else if (did === 'replaced') await rm(lastText, { force: true });
  return { did, was, ours };
}

/** Leaves in the place of an ask what keys find that are taken late: they must not find nothing, and open a person's editor.
 *  In one step. */
async function close(folder: string, late: LateKeys): Promise<void> {
  const { waiting, done } = await late.look(folder);
  if (waiting.length === 0) await rm(path.join(folder, 'ask'), { force: true });
  else await put(folder, { nonces: waiting, mode: 'leave', text: '', same: '' }, LATE_S);
  const left = done.flatMap((nonce) => [`was-${nonce}`, `told-${nonce}`, `taken-${nonce}`]);
  await Promise.all(left.map((name) => rm(path.join(folder, name), { force: true })));
}

/** Its time says until when it holds. */
async function put(folder: string, ask: EditorAsk, holdsSeconds: number): Promise<void> {
  const draft = path.join(folder, 'ask.draft');
  await writeFile(draft, toEditorAsk(ask), { mode: 0o600 });
  const until = Date.now() / 1_000 + holdsSeconds;
  await utimes(draft, until, until);
  await rename(draft, path.join(folder, 'ask'));
}

/** So that no editor has it any more; false when one has it already. */
function take(folder: string, nonce: string): Promise<boolean> {
  return writeFile(path.join(folder, `taken-${nonce}`), '', { flag: 'wx', mode: 0o600 }).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') return false;
      throw error;
    },
  );
}

/** The word in this file as soon as it is whole; null when it is not within that time. */
function readSoon(folder: string, file: string, withinMs: number): Promise<EditorDeed | null> {
  return untilFound(folder, () => readWord(file), AbortSignal.timeout(withinMs));
}

async function readWord(file: string): Promise<EditorDeed | null> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text.endsWith('\n') ? (text.trimEnd() as EditorDeed) : null;
}
