import { randomUUID } from 'node:crypto';
import { constants, type Stats } from 'node:fs';
import { type FileHandle, link, lstat, mkdir, open, readdir, readlink, realpath, rm } from 'node:fs/promises';
import path from 'node:path';
import { GatewayError } from '../core/model/errors.ts';
import { sayBytes, toFileName, toNumberedName } from '../core/model/files/names.ts';
import type { FoundFile, WorkspaceFiles } from '../core/ports/workspace-files.ts';
import type { Workspaces } from '../core/ports/workspaces.ts';
import { hasCode, toCode } from '../lib/error-code.ts';
import { syncFolder } from '../lib/files/sync-folder.ts';

const INBOX = 'inbox';
/** Nobody fills a disk by a chat, one small file after the other. */
const FILES_MAX = 1_000;
const DRAFT = /^\.[0-9a-f-]{36}\.draft$/;
/** One that is so old was left by a crash. */
const DRAFT_AGE_MS = 3_600_000;

/** Files below the folders of workspaces. Links are followed only to where they stay inside. */
export function createWorkspaceFiles(workspaces: Pick<Workspaces, 'ensure' | 'locate'>): WorkspaceFiles {
  return {
    async receive(workspace, given, bytes) {
      const folder = await workspaces.ensure(workspace);
      const name = toFileName(given);
      try {
        await using inbox = await openInbox(folder);
        await sweep(inbox.path);
        return `${INBOX}/${await publish(inbox.path, name, bytes)}`;
      } catch (cause) {
        if (cause instanceof GatewayError) throw cause;
        const why = INBOX_REFUSALS[toCode(cause)];
        if (why !== undefined) throw refuse(`${INBOX} of the workspace ${why}`, cause);
        throw new GatewayError('storage_unavailable', `The disk does not take ${name}: ${toCode(cause)}`, { cause });
      }
    },

    async read(workspace, given, maxBytes) {
      const folder = await workspaces.locate(workspace);
      try {
        return await readInside(folder, given, maxBytes);
      } catch (cause) {
        const why = REFUSALS[toCode(cause)];
        if (why !== undefined) return { kind: 'refused', why };
        throw new GatewayError('storage_unavailable', `A file of ${workspace} cannot be read: ${toCode(cause)}`, {
          cause,
        });
      }
    },
  };
}

/** Its path stays the one of this folder until it is closed. */
async function openInbox(folder: string): Promise<AsyncDisposable & { readonly path: string }> {
  const inbox = path.join(folder, INBOX);
  await mkdir(inbox).catch((error: unknown) => {
    if (!hasCode(error, 'EEXIST')) throw error;
  });
  const handle = await open(inbox, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_DIRECTORY);
  if (await isAt(handle, inbox)) return { path: pathOf(handle, inbox), [Symbol.asyncDispose]: () => handle.close() };
  await handle.close();
  throw refuse(`${INBOX} of the workspace ${NOT_OURS}`);
}

const NOT_OURS = 'is not a folder of its own (a link or a file)';

/** What only a person mends. All else is tried again. */
const INBOX_REFUSALS: Readonly<Record<string, string>> = {
  ENOTDIR: NOT_OURS,
  ELOOP: NOT_OURS,
  EACCES: 'may not be written by the gateway',
  EPERM: 'may not be written by the gateway',
};

const HAS_PROC = process.platform === 'linux';

/** What was opened, whatever a name means by now: agents may swap a folder with a link at any moment. Elsewhere than on
 *  Linux it can be told by its name alone. */
function pathOf({ fd }: FileHandle, name: string): string {
  return HAS_PROC ? `/proc/self/fd/${fd}` : name;
}

/** It lies where its name says. */
async function isAt(handle: FileHandle, name: string): Promise<boolean> {
  return !HAS_PROC || (await readlink(pathOf(handle, name))) === name;
}

/** @throws GatewayError when there are too many. */
async function sweep(inbox: string): Promise<void> {
  const names = await readdir(inbox);
  const drafts = names.filter((name) => DRAFT.test(name));
  for (const name of drafts) {
    const draft = path.join(inbox, name);
    const { mtimeMs } = await lstat(draft).catch(() => ({ mtimeMs: Infinity }));
    if (mtimeMs < Date.now() - DRAFT_AGE_MS) await rm(draft, { force: true });
  }
  if (names.length - drafts.length < FILES_MAX) return;
  throw refuse(`The folder ${INBOX} of the workspace is full (${FILES_MAX} files): take some away`);
}

/** It appears whole, under a name that nobody has, or not at all. Resolves with the name. */
async function publish(inbox: string, name: string, bytes: Uint8Array): Promise<string> {
  const draft = path.join(inbox, `.${randomUUID()}.draft`);
  try {
    const handle = await open(draft, 'wx');
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    for (let number = 1; number <= FILES_MAX; number += 1) {
      const wanted = toNumberedName(name, number);
      if (!(await takeName(draft, path.join(inbox, wanted), bytes))) continue;
      await syncFolder(inbox);
      return wanted;
    }
    throw refuse(`${INBOX} has too many files of the name ${name}: take some away`);
  } finally {
    await rm(draft, { force: true });
  }
}

/** False: another file has it. */
async function takeName(draft: string, file: string, bytes: Uint8Array): Promise<boolean> {
  try {
    await link(draft, file);
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return isSame(file, bytes);
    // A file system without hard links: the name is taken first, and nobody else's.
    if (!hasCode(error, 'EPERM', 'ENOTSUP')) throw error;
    return writeFresh(file, bytes);
  }
}

async function writeFresh(file: string, bytes: Uint8Array): Promise<boolean> {
  const handle = await open(file, 'wx').catch((error: unknown) => {
    if (hasCode(error, 'EEXIST')) return null;
    throw error;
  });
  if (handle === null) return isSame(file, bytes);
  try {
    await handle.writeFile(bytes);
    await handle.sync();
    return true;
  } catch (error) {
    await rm(file, { force: true });
    throw error;
  } finally {
    await handle.close();
  }
}

/** The message was heard before, and the process ended in between. */
async function isSame(file: string, bytes: Uint8Array): Promise<boolean> {
  const found = await readPlain(file, bytes.length).catch(() => null);
  return found?.kind === 'found' && Buffer.compare(found.bytes, bytes) === 0;
}

async function readInside(folder: string, given: string, maxBytes: number): Promise<FoundFile> {
  if (/\/\.{0,2}$/.test(given)) return { kind: 'refused', why: 'is not a file' };
  const root = await realpath(folder);
  // By the folder as it is named, too: agents are told that one.
  const file = await realpath(path.resolve(folder, given));
  if (root !== folder || !file.startsWith(`${root}${path.sep}`)) {
    return OUTSIDE;
  }
  // Between the look at its path and the opening, a folder of it may have become a link.
  return readPlain(file, maxBytes, (handle) => isAt(handle, file));
}

const OUTSIDE: FoundFile = { kind: 'refused', why: 'lies outside of the workspace' };

/** Its last part is no link, and nothing that would be waited for. */
async function readPlain(file: string, maxBytes: number, mayRead = async (_: FileHandle) => true): Promise<FoundFile> {
  const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    if (!(await mayRead(handle))) return OUTSIDE;
    const stats: Stats = await handle.stat();
    if (!stats.isFile()) return { kind: 'refused', why: 'is not a file' };
    if (stats.size > maxBytes) return tooLarge(maxBytes);
    const bytes = Buffer.alloc(stats.size);
    let length = 0;
    // It may become shorter meanwhile; what it grows by is left out.
    while (length < bytes.length) {
      const { bytesRead } = await handle.read(bytes, length, bytes.length - length, length);
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    return { kind: 'found', bytes: bytes.subarray(0, length) };
  } finally {
    await handle.close();
  }
}

function tooLarge(maxBytes: number): FoundFile {
  return { kind: 'refused', why: `is larger than ${sayBytes(maxBytes)}` };
}

const REFUSALS: Readonly<Record<string, string>> = {
  ENOENT: 'is not there',
  ENOTDIR: 'is not there',
  ENAMETOOLONG: 'is not there',
  ERR_INVALID_ARG_VALUE: 'is not there',
  ELOOP: 'is not a file',
  ENXIO: 'is not a file',
  EISDIR: 'is not a file',
  EACCES: 'may not be read',
  EPERM: 'may not be read',
};

function refuse(message: string, cause?: unknown): GatewayError {
  return new GatewayError('invalid_field', message, { field: 'file', cause });
}
