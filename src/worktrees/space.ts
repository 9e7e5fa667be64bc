import { statfs } from 'node:fs/promises';
import { GatewayError } from '../core/model/errors.ts';
import type { Git } from './git/git.ts';
import { toPlace, type Repository } from './git/repositories.ts';

export interface TreeSize {
  readonly bytes: number;
  readonly files: number;
}

const BLOCK_BYTES = 4_096;
/** For what git notes of a worktree, beside its files. */
const ENTRY_FILES = 100;

/** What a checkout of this commit takes. */
export async function measureTree(git: Git, repository: Repository, commit: string): Promise<TreeSize> {
  const told = await git.ask(toPlace(repository), ['ls-tree', '-r', '-l', '-z', '--full-tree', commit], {
    isRead: true,
  });
  let [bytes, files] = [0, 0];
  for (const line of told.split('\0')) {
    const size = /^\d+ blob [0-9a-f]+ +(\d+)\t/.exec(line)?.[1];
    files += size === undefined ? 0 : 1;
    bytes += Math.ceil(Number(size ?? 0) / BLOCK_BYTES) * BLOCK_BYTES;
  }
  return { bytes, files };
}

/** `reserveBytes` stay free for what agents write. @throws GatewayError `no_space` */
export async function checkSpace(
  folders: readonly string[],
  { bytes, files }: TreeSize,
  reserveBytes: number,
): Promise<void> {
  for (const folder of folders) {
    const { bavail, bsize, ffree, files: inodes } = await statfs(folder);
    const hasBytes = bavail * bsize >= bytes + reserveBytes;
    // A file system that counts none has as many as it needs.
    if (hasBytes && (inodes === 0 || ffree >= files + ENTRY_FILES)) continue;
    throw noSpace(`The disk has no room for a worktree of ${files} files and ${bytes} bytes`);
  }
}

const FULL_BYTES = 256 * 1024;

/** Git does not always say why it could not write. */
export async function isDiskFull(folders: readonly string[]): Promise<boolean> {
  const looked = await Promise.all(folders.map((folder) => statfs(folder).catch(() => null)));
  return looked.some(
    (disk) => disk !== null && (disk.bavail * disk.bsize < FULL_BYTES || (disk.files > 0 && disk.ffree < 1)),
  );
}

export function noSpace(message: string, cause?: unknown): GatewayError {
  return new GatewayError('no_space', message, { cause, retry: 'later' });
}
