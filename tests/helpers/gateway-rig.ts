import { mkdtemp, realpath, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createGateway, type Gateway } from '../../src/compose.ts';
import { readConfig } from '../../src/config/config.ts';
import type { EventRecord } from '../../src/core/model/event.ts';
import type { Log } from '../../src/core/ports/log.ts';
import type { Store } from '../../src/core/ports/store.ts';
import { createApiCall, type ApiCall } from './api-call.ts';
import { claudeProgram, errorLog } from './claude-program.ts';
import { createOwnDatabase } from './postgres/own-database.ts';
import { startFaultyProxy, type Fault } from './faulty-proxy.ts';
import { startScriptedModel, type Script, type ScriptedModel } from './scripted-model.ts';

export const TEST_KEY = 'test-key-0123456789-abcdefghijkl';

/** The whole gateway with the real CLI, on free ports, in a folder of its own. */
export interface GatewayRig {
  readonly gateway: Gateway;
  readonly call: ApiCall;
  readonly baseUrl: string;
  readonly model: ScriptedModel;
  readonly root: string;
  /** All facts that were noted so far. */
  events(): Promise<readonly EventRecord[]>;
  /** Submits and waits for the end; the status document. */
  run(workspace: string, command: string): Promise<StatusDocument>;
  close(): Promise<void>;
}

export interface StatusDocument {
  readonly requestId: string;
  readonly state: string;
  readonly phase: string | null;
  readonly reason: string | null;
  readonly error: string | null;
  readonly output: { readonly text?: string; readonly available: boolean };
}

export interface RigOptions {
  readonly script?: Script;
  /** What goes wrong with a call of the model. */
  readonly fault?: (prompt: string) => Fault | null;
  /** Gets all that the model is asked, as it is sent. */
  readonly seen?: (body: string) => void;
  readonly env?: Readonly<Record<string, string>>;
  readonly log?: Log;
  /** Stands between the gateway and the real store. */
  readonly wrapStore?: (store: Store) => Store;
}

export async function openGatewayRig(options: RigOptions = {}): Promise<GatewayRig> {
  const { script, fault, seen, env, log = errorLog, wrapStore = (opened) => opened } = options;
  const root = await realpath(await mkdtemp(path.join(os.tmpdir(), 'gatehouse-rig-')));
  const model = await startScriptedModel(script);
  const isProxied = fault !== undefined || seen !== undefined;
  const proxy = isProxied ? await startFaultyProxy(model.url, fault ?? (() => null), seen) : null;
  const clean = async (): Promise<void> => {
    await proxy?.close();
    await model.close();
    await rm(root, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  };
  const postgres = await createOwnDatabase();
  const database = postgres === null ? {} : { DATABASE_URL: postgres, DATABASE_POOL_MAX: '4' };
  const config = readConfig({ ...toEnvironment(root, proxy?.url ?? model.url), ...database, ...env });
  let store: Store | null = null;
  const deps = { log, apiKey: TEST_KEY, wrapStore: (opened: Store) => wrapStore((store = opened)) };
  const gateway = await createGateway(config, deps).catch(async (error: unknown) => {
    await clean();
    throw error;
  });
  const baseUrl = `http://127.0.0.1:${gateway.httpAddress?.port}`;
  const call = createApiCall(baseUrl, TEST_KEY);
  return {
    gateway,
    call,
    baseUrl,
    model,
    root,
    events: async () => (await store?.listEvents(0, 10_000)) ?? [],
    async run(workspace, command) {
      const accepted = await call('POST', '/execute', { json: { workspace, command }, headers: { prefer: 'wait=60' } });
      if (accepted.status !== 200) throw new Error(`not ended: ${accepted.status} ${accepted.text}`);
      return accepted.body as StatusDocument;
    },
    async close() {
      await gateway.down();
      await clean();
    },
  };
}

/** Settings for a gateway that lives below one folder, on free ports. */
export function toEnvironment(root: string, modelUrl: string): Record<string, string> {
  return {
    HTTP_API_PORT: '0',
    AGENT_HOOK_PORT: '0',
    TASK_API_PORT: '0',
    DATA_DIR: path.join(root, 'data'),
    WORKSPACES_ROOT: path.join(root, 'workspaces'),
    ANTHROPIC_API_KEY: `sk-ant-test-${'x'.repeat(24)}`,
    ANTHROPIC_BASE_URL: modelUrl,
    RATE_LIMIT_MAX: '0',
    HTTP_API_KEY: TEST_KEY,
    CLAUDE_BIN: claudeProgram(),
    LOG_LEVEL: 'warn',
  };
}
