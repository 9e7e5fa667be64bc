import { constants, copyFile, cp, mkdir, mkdtemp, open, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Config } from '../../config/config.ts';
import type { Environment } from '../../config/env.ts';
import { hasCode } from '../../lib/error-code.ts';
import { syncFolder } from '../../lib/files/sync-folder.ts';
import { version } from '../../lib/version.ts';
import { copyDatabase, readConversations } from '../../store/sqlite/copy.ts';
import { pack } from './archive.ts';
import { CONVERSATIONS, DATABASE, MANIFEST, type Manifest, refusePostgres, SECRETS, toProjects } from './content.ts';

export interface BackedUp {
  readonly bytes: number;
  readonly conversations: number;
}

/** The database as it is at one moment, then the conversations of its sessions, which are then as old or younger: what
 *  the database knows of them is in them. A gateway may run meanwhile. The file appears whole or not at all.
 *  @throws Error that says what to do. */
export async function backUp(config: Config, file: string, env: Environment): Promise<BackedUp> {
  refusePostgres(config);
  const database = path.join(config.dirs.data, DATABASE);
  if ((await stat(database).catch(() => null)) === null)
    throw new Error(`${database} is not there: DATA_DIR names the folder of the gateway to back up`);
  await refuseOverwriting(file);
  const draft = `${file}.partial`;
  // Its owner's alone from the first byte on.
  await (await open(draft, 'w', 0o600)).close();
  const folder = await mkdtemp(`${file}.partial-`);
  try {
    const conversations = await gather(config, folder);
    await pack(folder, draft, env);
    await finish(draft, file);
    return { bytes: (await stat(file)).size, conversations };
  } finally {
    await rm(folder, { recursive: true, force: true });
    await rm(draft, { force: true });
  }
}

async function refuseOverwriting(file: string): Promise<void> {
  if ((await stat(path.dirname(file)).catch(() => null)) === null)
    throw new Error(`${path.dirname(file)} is not there: make that folder first`);
  const there = await stat(file).catch(() => null);
  if (there !== null) throw new Error(`${file} is there already: name another file, or remove it first`);
}

async function gather({ dirs, agent }: Config, folder: string): Promise<number> {
  copyDatabase(path.join(dirs.data, DATABASE), path.join(folder, DATABASE));
  const ids = new Set(readConversations(path.join(folder, DATABASE)));
  const conversations = await copyConversations(toProjects(agent.home), path.join(folder, CONVERSATIONS), ids);
  for (const name of SECRETS) await copyFile(path.join(dirs.data, name), path.join(folder, name)).catch(mayBeMissing);
  const createdAt = new Date().toISOString();
  const manifest: Manifest = { format: 1, gatehouse: version, createdAt, conversations };
  await writeFile(path.join(folder, MANIFEST), JSON.stringify(manifest));
  return conversations;
}

/** Of each: the file of its name, and the folder of its name with those of its subagents. */
async function copyConversations(from: string, to: string, ids: ReadonlySet<string>): Promise<number> {
  await mkdir(to);
  let copied = 0;
  for (const project of await readdir(from).catch(() => [])) {
    for (const name of await readdir(path.join(from, project)).catch(() => [])) {
      if (!ids.has(name.replace(/\.jsonl$/, ''))) continue;
      const options = { recursive: true, mode: constants.COPYFILE_FICLONE };
      await cp(path.join(from, project, name), path.join(to, project, name), options).catch(mayBeMissing);
      if (name.endsWith('.jsonl')) copied += 1;
    }
  }
  return copied;
}

function mayBeMissing(error: unknown): void {
  if (!hasCode(error, 'ENOENT')) throw error;
}

async function finish(draft: string, file: string): Promise<void> {
  const handle = await open(draft, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(draft, file);
  await syncFolder(path.dirname(file));
}
