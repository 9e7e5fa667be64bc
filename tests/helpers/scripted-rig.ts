import { mkdtemp, realpath, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { openDriverRig, type DriverRig } from './driver-rig.ts';
import { installScriptedAgent, type InstalledAgent } from './scripted-agent/install.ts';
import type { Rule } from './scripted-agent/script.ts';

/** The real driver over the scripted agent. */
export interface ScriptedRig extends DriverRig {
  readonly agent: InstalledAgent;
}

export async function openScriptedRig(rules: readonly Rule[] = []): Promise<ScriptedRig> {
  const folder = await realpath(await mkdtemp(path.join(os.tmpdir(), 'gatehouse-scripted-')));
  const agent = await installScriptedAgent(folder, rules);
  const rig = await openDriverRig({ ...agent, baseUrl: null });
  return {
    ...rig,
    get driver() {
      return rig.driver;
    },
    agent,
    async close() {
      await rig.close();
      await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
    },
  };
}
