import { constants, type BigIntStats } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { hasCode, toCode } from '../lib/error-code.ts';

/** 256 kB of prompt fit, also when every byte of it is escaped as `\u00XX`. */
export const FILE_MAX_BYTES = 2 * 1024 * 1024;

/** What was read from one descriptor. */
export interface TaskFile {
  readonly stat: BigIntStats;
  readonly bytes: Buffer;
  /** The same for the same content that was last changed at the same instant. */
  readonly hash: string;
}

export type Reading =
  | { readonly kind: 'read'; readonly file: TaskFile }
  /** Nothing is there any more, or it changed while it was read. */
  | { readonly kind: 'moving' }
  | { readonly kind: 'refused'; readonly why: string };

/** Opens a path once, follows no link, and hands over what that one descriptor is of. While `use` runs, the file stays
 *  open, so that no other one gets its inode. */
export async function withTaskFile<T>(file: string, use: (reading: Reading) => Promise<T>): Promise<T> {
  let handle: FileHandle;
  try {
    // A pipe without a writer would hold up the opening.
    handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return use({ kind: 'moving' });
    if (hasCode(error, 'ELOOP')) return use({ kind: 'refused', why: SYMLINK });
    // Anything else is the machine's fault, and may pass.
    if (!hasCode(error, ...REFUSED)) throw error;
    return use({ kind: 'refused', why: `it cannot be opened (${toCode(error)})` });
  }
  try {
    return await use(await read(handle));
  } finally {
    await handle.close();
  }
}

/** What is wrong with the file itself when it cannot be opened: its permissions, or that it is a socket. */
const REFUSED = ['EACCES', 'EPERM', 'ENXIO', 'ENODEV'];

export const SYMLINK = 'it is a symbolic link, and no link is followed: put the file itself here';

async function read(handle: FileHandle): Promise<Reading> {
  const before = await handle.stat({ bigint: true });
  if (!before.isFile()) return { kind: 'refused', why: 'it is no regular file' };
  if (before.nlink > 1n) {
    return { kind: 'refused', why: 'it has another name elsewhere (a hard link): put a file of its own here' };
  }
  if (before.size > FILE_MAX_BYTES) {
    return {
      kind: 'refused',
      why: `it is over ${FILE_MAX_BYTES} bytes: put the text into a file of the workspace and name it`,
    };
  }
  const bytes = Buffer.alloc(Number(before.size));
  const length = await readWhole(handle, bytes);
  const after = await handle.stat({ bigint: true });
  if (length < bytes.length || after.size !== before.size || after.mtimeNs !== before.mtimeNs)
    return { kind: 'moving' };
  const hash = createHash('sha256').update(`${after.mtimeNs}\n`).update(bytes).digest('hex');
  return { kind: 'read', file: { stat: after, bytes, hash } };
}

async function readWhole(handle: FileHandle, bytes: Buffer): Promise<number> {
  let at = 0;
  while (at < bytes.length) {
    const { bytesRead } = await handle.read(bytes, at, bytes.length - at, at);
    if (bytesRead === 0) break;
    at += bytesRead;
  }
  return at;
}
