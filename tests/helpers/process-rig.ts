import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createApiCall, type ApiCall } from './api-call.ts';
import { COMPILED } from './compiled.ts';
import { findFreePort } from './free-port.ts';
import { TEST_KEY, toEnvironment } from './gateway-rig.ts';
import { killAll, processesWith } from './process-tree.ts';
import { startScriptedModel, type Script, type ScriptedModel } from './scripted-model.ts';
import { until } from './until.ts';
import { createOwnTmux, tmuxSocketOf } from './own-tmux.ts';

/** The gateway with the real CLI, as a process of its own, which can be killed. */
export interface ProcessRig {
  readonly call: ApiCall;
  readonly model: ScriptedModel;
  readonly root: string;
  readonly baseUrl: string;
  readonly tmuxSocket: string;
  /** What its processes wrote so far. */
  log(): string;
  /** With these settings over its own. */
  start(more?: Readonly<Record<string, string>>): Promise<void>;
  /** Its exit code. */
  stop(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null>;
  /** Kills the gateway, the tmux server and all agents, in one moment. */
  killHost(): Promise<void>;
  close(): Promise<void>;
}

export async function openProcessRig(script?: Script, env: Readonly<Record<string, string>> = {}): Promise<ProcessRig> {
  const root = await realpath(await mkdtemp(path.join(os.tmpdir(), 'gatehouse-restart-')));
  const model = await startScriptedModel(script);
  const httpPort = await findFreePort();
  const ports = { HTTP_API_PORT: String(httpPort), AGENT_HOOK_PORT: String(await findFreePort()) };
  const settings = {
    PATH: process.env['PATH'],
    NODE_COMPILE_CACHE: COMPILED,
    ...toEnvironment(root, model.url),
    ...ports,
    ...env,
  };
  const baseUrl = `http://127.0.0.1:${httpPort}`;
  const call = createApiCall(baseUrl, TEST_KEY);
  const tmuxSocket = tmuxSocketOf(env['DATA_DIR'] ?? path.join(root, 'data'));
  const logFile = path.join(root, 'log');
  let child: ChildProcess;

  async function start(more: Readonly<Record<string, string>> = {}): Promise<void> {
    const log = openSync(logFile, 'a');
    child = spawn(process.execPath, ['src/main.ts', 'serve'], {
      env: { ...settings, ...more },
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    await until(async () => (await call('GET', '/readyz').catch(() => null))?.status === 200);
  }

  async function stop(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> {
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
    const gone = new Promise<number | null>((resolve) => child.once('exit', resolve));
    child.kill(signal);
    return gone;
  }

  async function close(): Promise<void> {
    await stop('SIGTERM');
    // The tmux server outlives its gateway on purpose; a test ends what it started.
    await createOwnTmux(tmuxSocket, { PATH: process.env['PATH'] ?? '' }).killServer();
    await model.close();
    await rm(root, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }

  await start().catch(async (error: unknown) => {
    await close();
    throw error;
  });
  return {
    call,
    model,
    root,
    baseUrl,
    tmuxSocket,
    log: () => readFileSync(logFile, 'utf8'),
    start,
    stop,
    async killHost() {
      const gone = new Promise<unknown>((resolve) => child.once('exit', resolve));
      killAll([...processesWith(tmuxSocket), child.pid ?? 0]);
      await gone;
    },
    close,
  };
}

/** One whose model answers a prompt that begins with `hold` when it is told to. */
export async function openHoldingRig(): Promise<{
  readonly rig: ProcessRig;
  readonly answer: PromiseWithResolvers<string>;
}> {
  const answer = Promise.withResolvers<string>();
  const rig = await openProcessRig((prompt) => (prompt.startsWith('hold') ? answer.promise : `echo: ${prompt}`));
  return { rig, answer };
}
