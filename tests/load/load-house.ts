import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { openGatewayHouse, type GatewayHouse, type GatewayProcess } from '../helpers/gateway-house.ts';
import { installScriptedAgent } from '../helpers/scripted-agent/install.ts';
import type { Rule } from '../helpers/scripted-agent/script.ts';

/** A gateway process that takes any load, with scripted agents that answer at once. */
export interface LoadHouse extends GatewayHouse {
  readonly gateway: GatewayProcess;
}

export async function openLoadHouse(
  rules: readonly Rule[] = [],
  settings: Readonly<Record<string, string>> = {},
  argv?: readonly string[],
): Promise<LoadHouse> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'gatehouse-load-'));
  const agent = await installScriptedAgent(folder, [...rules, { match: 'job (\\S+)', do: { text: 'done {1}' } }]);
  const env = {
    QUEUE_MAX: '100000',
    MAX_RUNNING_TURNS: '1000',
    MAX_LIVE_SESSIONS: '1000',
    LOG_LEVEL: 'warn',
    ...settings,
  };
  const house = await openGatewayHouse({ agent, env });
  const gateway = house.start(argv);
  const close = async (): Promise<void> => {
    await house.close();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await gateway.ready();
  } catch (error) {
    await close();
    throw error;
  }
  return { ...house, gateway, close };
}

/** The most memory that a process ever had, in MB. Linux only. */
export async function readPeakMemory(pid: number): Promise<number> {
  const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes) / 1_024;
}
