import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { freemem } from 'node:os';
import path from 'node:path';
import type { Config } from '../../config/config.ts';
import type { Environment } from '../../config/env.ts';
import { findRunning } from '../instance.ts';
import { fault, type Finding, type Look, type Machine } from './finding.ts';
import { lookAtCredentials, lookAtHooks, lookAtPrices, lookAtProgram, lookAtSettings } from './look-at-agent.ts';
import { lookAtChats } from './look-at-chats.ts';
import { lookAtDatabase } from './look-at-database.ts';
import { lookAtFolders, lookAtKey, lookAtSecrets } from './look-at-folders.ts';
import {
  lookAtClock,
  lookAtDisk,
  lookAtGit,
  lookAtMemory,
  lookAtNode,
  lookAtPorts,
  lookAtTmux,
} from './look-at-machine.ts';
import { lookAtNames } from './look-at-names.ts';

const LOOKS: readonly Look[] = [
  ...[lookAtNames, lookAtNode, lookAtTmux, lookAtGit, lookAtDisk, lookAtMemory, lookAtClock, lookAtPorts],
  ...[lookAtFolders, lookAtSecrets, lookAtKey, lookAtDatabase],
  ...[lookAtProgram, lookAtCredentials, lookAtSettings, lookAtHooks, lookAtPrices, lookAtChats],
];

export interface Examined {
  readonly findings: readonly Finding[];
  /** The process that holds the data folder. */
  readonly runningPid: number | null;
}

/** Everything that can be seen without asking a gateway; nothing is changed. */
export async function examine(config: Config, env: Environment, machine: Machine = THIS_MACHINE): Promise<Examined> {
  const runningPid = readRunning(config.dirs.data);
  const patient = { config, env, isRunning: runningPid !== null, machine };
  const findings = await Promise.all(LOOKS.map((look) => lookSafely(look, patient)));
  return { findings: findings.flat(), runningPid };
}

async function lookSafely(look: Look, patient: Parameters<Look>[0]): Promise<readonly Finding[]> {
  try {
    return await look(patient);
  } catch (error) {
    return [fault('doctor', `a look broke: ${String(error)}`, 'report it with this line')];
  }
}

/** Where the folder cannot be written nobody holds it, and another look says so. */
function readRunning(dataDir: string): number | null {
  if (!existsSync(dataDir)) return null;
  try {
    return findRunning(dataDir);
  } catch {
    return null;
  }
}

const THIS_MACHINE: Machine = {
  nodeVersion: process.version,
  freeBytes: readFree,
  freeMemory: freemem,
  now: Date.now,
};

async function readFree(folder: string): Promise<number> {
  const found = await statfs(folder).catch(() => null);
  if (found !== null) return found.bavail * found.bsize;
  return folder === path.dirname(folder) ? 0 : readFree(path.dirname(folder));
}
