import { mkdir, mkdtemp, readdir, readFile, realpath, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { BUILT_IN_PRICES } from '../../src/agents/program/prices/built-in.ts';
import { createAgentFiles } from '../../src/agents/program/files/agent-files.ts';
import { createPrintDriver } from '../../src/agents/claude-print/driver/driver.ts';
import { createClaudeDriver } from '../../src/agents/claude/driver/driver.ts';
import { openHookReceiver, type HookReceiver } from '../../src/agents/claude/hooks/hook-receiver.ts';
import { sendSignal } from '../../src/agents/processes/signals.ts';
import type { Tmux } from '../../src/agents/tmux/tmux.ts';
import type { AgentName } from '../../src/core/model/agent.ts';
import type { AgentDriver } from '../../src/core/ports/agent.ts';
import { silentLog, toolEnvironment } from './claude-program.ts';
import { createOwnTmux, newTmuxSocket } from './own-tmux.ts';

/** A program that a driver can run: the real CLI, or one that stands in for it. */
export interface AgentProgram {
  /** The driver that runs it; `claude`, when it does not say. */
  readonly agent?: AgentName;
  readonly bin: string;
  readonly extraArgs: readonly string[];
  readonly permissionMode?: string;
  /** Where its model is; null when it has none. */
  readonly baseUrl: string | null;
}

/** The driver over this program, in a real tmux server and folders of its own. */
export interface DriverRig {
  readonly driver: AgentDriver;
  readonly tmux: Tmux;
  readonly home: string;
  /** Creates the folder of a workspace. */
  workspace(name: string): Promise<string>;
  /** A second driver over the same folders, as after a crash of the gateway. `meanwhile` runs without any.
   *  It listens to hooks where the first one did, unless told to listen elsewhere. */
  restart(meanwhile?: () => Promise<void>, port?: 'same' | 'other'): Promise<AgentDriver>;
  /** The lines of this conversation's transcript; none when it has no file yet. */
  transcript(agentSessionId: string): Promise<readonly TranscriptLine[]>;
  /** The process of the agent itself, below the shell that tmux started. */
  pid(session: string): Promise<number>;
  close(): Promise<void>;
}

export type TranscriptLine = Readonly<Record<string, unknown>>;

export const TEST_API_KEY = `sk-ant-test-${'x'.repeat(24)}`;

export async function openDriverRig(program: AgentProgram): Promise<DriverRig> {
  const root = await realpath(await mkdtemp(path.join(os.tmpdir(), 'gatehouse-driver-')));
  const home = path.join(root, 'home');
  const tmux = createOwnTmux(newTmuxSocket(), toolEnvironment(home));
  let hooks: HookReceiver = await openHookReceiver(0, silentLog);
  function build(): AgentDriver {
    const options = {
      tmux,
      files: createAgentFiles({ home, settings: path.join(root, 'claude') }),
      sendSignal,
      bin: program.bin,
      home,
      folder: path.join(root, 'claude'),
      model: null,
      permissionMode: program.permissionMode ?? 'default',
      extraArgs: program.extraArgs,
      credentials: { apiKey: TEST_API_KEY, oauthToken: null, baseUrl: program.baseUrl },
      prices: BUILT_IN_PRICES,
      log: silentLog,
    };
    return program.agent === 'claude-print' ? createPrintDriver(options) : createClaudeDriver({ ...options, hooks });
  }
  let driver = build();
  return {
    get driver() {
      return driver;
    },
    tmux,
    home,
    async workspace(name) {
      const folder = path.join(root, 'workspaces', name);
      await mkdir(folder, { recursive: true });
      return folder;
    },
    async restart(meanwhile, where = 'same') {
      const port = where === 'same' ? hooks.port : 0;
      await driver.close();
      await hooks.close();
      await meanwhile?.();
      hooks = await openHookReceiver(port, silentLog);
      driver = build();
      return driver;
    },
    transcript: (agentSessionId) => readTranscript(home, agentSessionId),
    async pid(session) {
      const shell = (await tmux.pane(session))?.pid ?? 0;
      return Number((await readFile(`/proc/${shell}/task/${shell}/children`, 'utf8')).trim().split(' ')[0]);
    },
    async close() {
      await driver.close();
      await tmux.killServer();
      await hooks.close();
      await rm(root, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
    },
  };
}

/** A line that is still being written is left out. */
export async function readTranscript(home: string, agentSessionId: string): Promise<readonly TranscriptLine[]> {
  const projects = path.join(home, '.claude', 'projects');
  for (const folder of await readdir(projects).catch(() => [])) {
    const file = path.join(projects, folder, `${agentSessionId}.jsonl`);
    const text = await readFile(file, 'utf8').catch(() => null);
    if (text === null) continue;
    const lines = text.split('\n').slice(0, -1);
    return lines.map((line) => JSON.parse(line) as TranscriptLine);
  }
  return [];
}
