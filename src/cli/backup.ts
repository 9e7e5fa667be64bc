import path from 'node:path';
import { backUp } from '../compose/backup/back-up.ts';
import { restore } from '../compose/backup/restore.ts';
import { type Config, readConfig } from '../config/config.ts';
import { withDotEnv } from '../config/dotenv.ts';
import { toCount, toSize } from './shown/words.ts';
import type { Terminal } from './terminal.ts';

/** Copies the state of the gateway of these settings into a file, while it runs or not. */
export async function writeBackup(file: string, terminal: Terminal): Promise<number> {
  const config = readOwnConfig(terminal);
  terminal.progress('copying …');
  const { bytes, conversations } = await backUp(config, path.resolve(terminal.folder, file), terminal.env);
  terminal.progress(null);
  terminal.print(`${file}: ${toSize(bytes)}, the database and ${toCount(conversations, 'conversation')}`);
  return 0;
}

/** Puts back what a backup holds. The gateway must not run. */
export async function restoreBackup(file: string, terminal: Terminal): Promise<number> {
  const config = readOwnConfig(terminal);
  terminal.progress('checking …');
  const { manifest, kept } = await restore(config, path.resolve(terminal.folder, file), terminal.env);
  terminal.progress(null);
  terminal.print(`restored ${file} of ${manifest.createdAt}, with ${toCount(manifest.conversations, 'conversation')}`);
  if (kept !== null) terminal.print(`what was there is in ${kept}: remove it when all is well`);
  return 0;
}

function readOwnConfig(terminal: Terminal): Config {
  const config = readConfig(withDotEnv(terminal.env, terminal.folder));
  if (config.agent.stewardSocket === null) return config;
  throw new Error('in the container the conversations are another user’s: docs/deployment.md says how to copy both');
}
