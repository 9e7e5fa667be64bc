import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readFile, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { hasCode } from '../error-code.ts';

/** A secret that is generated once and kept in a file. */
export interface KeptSecret {
  readonly file: string;
  /** What the file may hold. */
  readonly isUsable: (text: string) => boolean;
  /** For errors: `key`. */
  readonly what: string;
}

/** The one that is kept, or a new one. Of several first calls at once, one generates and all agree.
 *  @throws when the folder cannot be written, or the file holds none. */
export async function loadKept(
  kept: KeptSecret,
  make: () => string,
): Promise<{ readonly secret: string; readonly source: 'generated' | 'stored' }> {
  const stored = await readKept(kept);
  if (stored !== null) return { secret: stored, source: 'stored' };
  await mkdir(dirname(kept.file), { recursive: true, mode: 0o700 });
  const secret = make();
  if (await createWhole(kept.file, `${secret}\n`)) return { secret, source: 'generated' };
  return loadKept(kept, make);
}

/** Null when none was ever generated here.
 *  @throws when the file holds none. */
export async function readKept({ file, isUsable, what }: KeptSecret): Promise<string | null> {
  try {
    const secret = (await readFile(file, 'utf8')).trim();
    if (isUsable(secret)) return secret;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw error;
  }
  throw new Error(`${file} holds no usable ${what}: delete it to have a new one generated`);
}

/** The file appears with all of its content or not at all, readable by its owner only. False: it is there already. */
async function createWhole(file: string, content: string): Promise<boolean> {
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  const handle = await open(draft, 'wx', 0o600);
  try {
    await handle.writeFile(content);
    await handle.sync();
    await link(draft, file);
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    if (hasCode(error, 'ENOSPC', 'EDQUOT'))
      throw new Error(`${file} cannot be written: make room on its disk`, { cause: error });
    throw error;
  } finally {
    await handle.close();
    await unlink(draft);
  }
}
