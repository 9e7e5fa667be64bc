import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { openHookReceiver, type HookReceiver } from '../../src/agents/claude/hook-receiver.ts';
import { createClaudeDriver } from '../../src/agents/claude/driver.ts';
import { createTmux, type Tmux } from '../../src/agents/tmux/tmux.ts';
import type { AgentDriver } from '../../src/core/ports/agent.ts';
import type { Log } from '../../src/core/ports/log.ts';
import { startScriptedModel, type Script, type ScriptedModel } from './scripted-model.ts';

/** The real CLI in a real tmux server of its own, with a scripted model behind it. */
export interface ClaudeRig {
  readonly driver: AgentDriver;
  readonly tmux: Tmux;
  readonly model: ScriptedModel;
  readonly home: string;
  /** Creates the folder of a workspace. */
  workspace(name: string): Promise<string>;
  /** A second driver over the same folders, as after a crash of the gateway. */
  restart(): Promise<AgentDriver>;
  close(): Promise<void>;
}

export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {} };

export async function openClaudeRig(
  script?: Script,
  overrides: { readonly bin?: string; readonly baseUrl?: string } = {},
): Promise<ClaudeRig> {
  const root = await realpath(await mkdtemp(path.join(os.tmpdir(), 'gatehouse-rig-')));
  const home = path.join(root, 'home');
  const model = await startScriptedModel(script);
  const tmux = createTmux({ socket: `gatehouse-test-${randomBytes(4).toString('hex')}`, env: toolEnvironment(home) });
  let hooks: HookReceiver = await openHookReceiver(0, silentLog);
  const build = (): AgentDriver =>
    createClaudeDriver({
      tmux,
      hooks,
      bin: overrides.bin ?? claudeProgram(),
      home,
      folder: path.join(root, 'claude'),
      model: null,
      permissionMode: 'default',
      extraArgs: [],
      credentials: {
        apiKey: `sk-ant-test-${'x'.repeat(24)}`,
        oauthToken: null,
        baseUrl: overrides.baseUrl ?? model.url,
      },
      log: silentLog,
    });
  let driver = build();
  return {
    get driver() {
      return driver;
    },
    tmux,
    model,
    home,
    async workspace(name) {
      const folder = path.join(root, 'workspaces', name);
      await mkdir(folder, { recursive: true });
      return folder;
    },
    async restart() {
      const { port } = hooks;
      await driver.close();
      await hooks.close();
      hooks = await openHookReceiver(port, silentLog);
      driver = build();
      return driver;
    },
    async close() {
      await driver.close();
      await tmux.killServer();
      await hooks.close();
      await model.close();
      await rm(root, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
    },
  };
}

export function claudeProgram(): string {
  const pkg = createRequire(import.meta.url).resolve('@anthropic-ai/claude-code/package.json');
  return path.join(path.dirname(pkg), 'bin', 'claude.exe');
}

export function toolEnvironment(home: string): Record<string, string> {
  return { PATH: process.env['PATH'] ?? '', HOME: home, LANG: 'C.UTF-8', TERM: 'xterm-256color' };
}
