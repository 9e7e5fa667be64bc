import { lstat, link, open, rename, rm, unlink } from 'node:fs/promises';
import path from 'node:path';
import { hasCode } from '../lib/error-code.ts';
import { syncFolder } from '../lib/files/sync-folder.ts';

/** Which file a path meant when it was looked at. */
export interface FileIdentity {
  readonly dev: bigint;
  readonly ino: bigint;
  readonly size?: bigint;
  readonly mtimeNs?: bigint;
}

/** The file appears with all of its content or not at all, and stays when the power fails. What has its name is
 *  replaced. */
export async function publish(folder: string, name: string, content: string): Promise<void> {
  const draft = path.join(folder, `.${name}.draft`);
  // Left by a crash; made anew, so that a link which somebody put there is not followed.
  await rm(draft, { force: true });
  const handle = await open(draft, 'wx');
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(draft, path.join(folder, name));
  await syncFolder(folder);
}

/** `renumbered`: moved, on a file system whose inode numbers do not stay: FUSE, SMB, unions. `gone`: nothing was there.
 *  `replaced`: another one was there by then, and is there again. */
export type Moved = 'moved' | 'renumbered' | 'gone' | 'replaced';

/** Moves this very file, for good. */
export async function moveFile(from: string, to: string, file: FileIdentity): Promise<Moved> {
  try {
    await rename(from, to);
  } catch (error) {
    if (hasCode(error, 'ENOENT') && !(await exists(from))) return 'gone';
    throw error;
  }
  const found = await lstat(to, { bigint: true });
  const isNumbered = found.dev === file.dev && found.ino === file.ino;
  // What is as long and was last written in the same nanosecond is this file under another number.
  if (!isNumbered && (found.size !== file.size || found.mtimeNs !== file.mtimeNs)) {
    await putBack(to, from);
    return 'replaced';
  }
  await syncFolder(path.dirname(to));
  await syncFolder(path.dirname(from));
  return isNumbered ? 'moved' : 'renumbered';
}

/** Undoes a move. Where a third one stands by now, its writer has replaced what would come back. */
export async function putBack(to: string, from: string): Promise<void> {
  try {
    // Not renamed, for that would replace the third one.
    await link(to, from);
  } catch (error) {
    // On a file system without hard links there is no better way.
    if (!hasCode(error, 'EEXIST') && !(await exists(from))) return rename(to, from);
  }
  return unlink(to);
}

export async function exists(file: string): Promise<boolean> {
  try {
    await lstat(file);
    return true;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return false;
    throw error;
  }
}
