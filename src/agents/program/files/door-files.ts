import { chmod, mkdir, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
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
/** A key that was pressed in vain may be taken as late as this. */
const LATE_S = 60;
/** An editor that has begun is done a moment later. */
const DONE_WITHIN_MS = 2_000;

export function createDoorFiles(root: string, findOwnEditor: () => Promise<string>): DoorFiles {
  const toFolder = (workspace: string): string => path.join(root, workspace, 'door');

  /** In one step: an editor that was begun reads on in the one before. */
  async function writeEditor(folder: string): Promise<string> {
    const [editor, draft] = [path.join(folder, 'editor'), path.join(folder, 'editor.draft')];
    await writeFile(draft, toEditorScript(folder, await findOwnEditor()));
    await chmod(draft, 0o700);
    await rename(draft, editor);
    return editor;
  }

  return {
    async prepare(workspace) {
      const folder = toFolder(workspace);
      // What an agent that is just ending still writes there must not fail the next one's start.
      await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 });
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const editor = await writeEditor(folder);
      return editor.includes(' ') ? null : editor;
    },

    async renew(workspace) {
      // There is none, or the disk takes nothing: then it takes no ask either.
      await writeEditor(toFolder(workspace)).catch(() => {});
    },

    async ask(workspace, { nonce, mode, text, same = '' }) {
      const folder = toFolder(workspace);
      if (mode !== 'leave') await writeFile(path.join(folder, `text-${nonce}`), text, { mode: 0o600 });
      await put(folder, { nonce, mode, text, same }, ASK_HOLDS_S);
    },

    async hear(workspace, { nonce, isOurs }, withinMs) {
      const folder = toFolder(workspace);
      const told = path.join(folder, `told-${nonce}`);
      const used = [`text-${nonce}`, `was-${nonce}`, `told-${nonce}`];
      try {
        let did = await readSoon(folder, told, withinMs);
        if (did === null) {
          // In one step, and before nobody has the one before any more: a key that is taken late must not find nothing,
          // and open a person's editor.
          await put(folder, { nonce: `${nonce}-late`, mode: 'leave', text: '', same: '' }, LATE_S);
          if (!(await take(folder, nonce))) did = await readSoon(folder, told, DONE_WITHIN_MS);
        }
        if (did === null) return null;
        const answer = await readAnswer(folder, { nonce, isOurs }, did);
        // First the ask: as long as it is there, it has to be known that it was taken.
        await rm(path.join(folder, 'ask'), { force: true });
        used.push(`taken-${nonce}`);
        return answer;
      } finally {
        await Promise.all(used.map((name) => rm(path.join(folder, name), { force: true })));
      }
    },
  };
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
