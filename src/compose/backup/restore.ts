import { lstat, mkdir, readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { createAskTmux } from '../../agents/tmux/server/ask.ts';
import { isUnheard } from '../../agents/tmux/server/command.ts';
import { createTmux } from '../../agents/tmux/tmux.ts';
import { readAgentEnvironment } from '../../config/agent-environment.ts';
import type { Config } from '../../config/config.ts';
import type { Environment } from '../../config/env.ts';
import { openFolder } from '../../lib/files/open-folder.ts';
import { writeWhole } from '../../lib/files/write-whole.ts';
import { replaceDatabase } from '../../store/sqlite/copy.ts';
import { inspectDatabase } from '../../store/sqlite/inspect.ts';
import { lockDataDir } from '../../store/sqlite/lock.ts';
import { toTmuxSocket } from '../instance.ts';
import { unpack } from './archive.ts';
import {
  CONVERSATIONS,
  DATABASE,
  MANIFEST,
  type Manifest,
  parseManifest,
  refusePostgres,
  SECRETS,
  toProjects,
} from './content.ts';

export interface Restored {
  readonly manifest: Manifest;
  /** Where the database is that was there before; null: there was none. */
  readonly kept: string | null;
}

/** Checks all of a backup, then puts it in the place of what is there. Killed in the middle, it leaves the old database
 *  or the new one, whole, and may be run again.
 *  @throws Error that says what to do; nothing was changed then. */
export async function restore(config: Config, file: string, env: Environment): Promise<Restored> {
  refusePostgres(config);
  const dataDir = await openFolder('DATA_DIR', config.dirs.data, 0o700);
  const lock = lockDataDir(dataDir);
  try {
    await refuseLiveAgents(config, dataDir);
    // On the disk of the database, so that it needs no second copy to get there.
    const folder = path.join(dataDir, 'restoring');
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { mode: 0o700 });
    try {
      const manifest = await open(file, folder, env);
      return { manifest, kept: await place(config, dataDir, folder) };
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  } finally {
    lock.release();
  }
}

/** They would go on in conversations that are replaced below them. */
async function refuseLiveAgents(config: Config, dataDir: string): Promise<void> {
  const socket = toTmuxSocket(config, dataDir);
  const ask = createAskTmux({ socket, env: readAgentEnvironment(config.agent.home) });
  if (isUnheard(await ask(['list-sessions']))) return;
  // A tmux that is there and does not answer may have some: that is told, and nothing is replaced.
  const sessions = await createTmux({ socket, ask }).list();
  if (sessions.length > 0) throw new Error(`${sessions.length} agents are live: end them first with gatehouse down`);
}

async function open(file: string, folder: string, env: Environment): Promise<Manifest> {
  try {
    await unpack(path.resolve(file), folder, env);
  } catch (cause) {
    throw new Error(`${file} is no backup, or not all of one: ${cause instanceof Error ? cause.message : ''}`, {
      cause,
    });
  }
  const manifest = parseManifest(await readFile(path.join(folder, MANIFEST), 'utf8').catch(() => ''));
  if (manifest === null) throw new Error(`${file} is no backup of a gateway, or one of a newer gateway`);
  const wrong = inspectDatabase(path.join(folder, DATABASE), 'all');
  if (wrong !== null) throw new Error(`the database in ${file} ${wrong.why}: use another backup`);
  return manifest;
}

/** Conversations that are missing come first, for the database tells of them; those that are replaced come last, for the
 *  old database may need all of the old ones. */
async function place({ agent }: Config, dataDir: string, folder: string): Promise<string | null> {
  const conversations = path.join(folder, CONVERSATIONS);
  await placeFiles(conversations, toProjects(agent.home), 'missing');
  const database = path.join(dataDir, DATABASE);
  const kept = `${database}.replaced`;
  replaceDatabase(database, path.join(folder, DATABASE), kept);
  for (const name of SECRETS) {
    const secret = await readFile(path.join(folder, name), 'utf8').catch(() => null);
    if (secret !== null) await writeWhole(path.join(dataDir, name), secret);
  }
  await placeFiles(conversations, toProjects(agent.home), 'all');
  return (await lstat(kept).catch(() => null)) === null ? null : kept;
}

async function placeFiles(from: string, to: string, which: 'missing' | 'all'): Promise<void> {
  for (const entry of await readdir(from, { recursive: true, withFileTypes: true })) {
    // Links lead out of the folder.
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath, entry.name);
    const target = path.join(to, path.relative(from, file));
    if (which === 'missing' && (await lstat(target).catch(() => null)) !== null) continue;
    await writeWhole(target, await readFile(file, 'utf8'));
    await rm(file);
  }
}
