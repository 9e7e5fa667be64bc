import { mkdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** The file, for its owner alone, holds all of it or what it held before; its folder is made. Synced, so that a power
 *  cut leaves no half of it. Two at once on one file need an order from outside. */
export async function writeWhole(file: string, content: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${process.pid}.tmp`;
  await writeFile(draft, content, { mode: 0o600, flush: true });
  await rename(draft, file);
}
