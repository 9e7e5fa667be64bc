import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { markChild } from '../../src/agents/processes/process-list.ts';
import { sendSignal } from '../../src/agents/processes/signals.ts';
import { seedAgentHome } from '../../src/agents/program/files/agent-home.ts';
import { toSettings } from '../../src/agents/claude/hooks/settings.ts';
import { TOKEN_VARIABLE } from '../../src/agents/program/settings/session-settings.ts';
import { toAgentEnvironment, toArgv, type LaunchOptions } from '../../src/agents/program/launch/launch.ts';
import { claudeVersion, toolEnvironment } from './claude-program.ts';
import { readTranscript, TEST_API_KEY, type AgentProgram, type TranscriptLine } from './driver-rig.ts';
import { until } from './until.ts';
import { createOwnTmux, newTmuxSocket } from './own-tmux.ts';

export type HookReport = Readonly<Record<string, unknown>>;

/** An agent in tmux without a driver: what it does at its own surface can be seen. */
export interface BareAgent {
  readonly sessionId: string;
  /** All that its agent hooks told, oldest first. */
  readonly reports: readonly HookReport[];
  /** The report of this event that comes as the `nth`; waits for it. */
  report(event: string, nth?: number): Promise<HookReport>;
  paste(text: string): Promise<void>;
  /** Key names of tmux. */
  keys(...names: readonly string[]): Promise<void>;
  screen(): Promise<string>;
  /** Waits until the screen is so. */
  shows(pattern: RegExp): Promise<string>;
  /** What it says in a file of its own that it does. */
  activity(): Promise<unknown>;
  /** Where it has put the cursor. */
  cursor(): Promise<{ readonly column: number; readonly row: number }>;
  transcript(sessionId?: string): Promise<readonly TranscriptLine[]>;
  showsCursor(): Promise<boolean>;
  /** To its program. */
  signal(name: 'SIGCONT'): Promise<void>;
  /** Resolves when its program has ended. */
  ended(): Promise<void>;
  close(): Promise<void>;
}

const NAME = 'bare';

/** `answer`: what its agent hooks are told; nothing, unless it says otherwise. */
export async function openBareAgent(
  program: AgentProgram,
  answer: (report: HookReport) => object = () => ({}),
): Promise<BareAgent> {
  const root = await realpath(await mkdtemp(path.join(os.tmpdir(), 'gatehouse-bare-')));
  const [home, cwd, settings] = [path.join(root, 'home'), path.join(root, 'work'), path.join(root, 'settings.json')];
  await mkdir(cwd);
  await seedAgentHome(home, cwd, TEST_API_KEY);
  const listener = await listenForReports(answer);
  await writeFile(settings, JSON.stringify(toSettings(listener.port)));
  const tmux = createOwnTmux(newTmuxSocket(), toolEnvironment(home));
  const sessionId = randomUUID();
  const launch = toLaunch(program, home);
  await tmux.ensureServer();
  await tmux.open({
    session: NAME,
    cwd,
    env: { ...toAgentEnvironment(launch, claudeVersion()), [TOKEN_VARIABLE]: 'token' },
    argv: toArgv(launch, settings, { workspace: NAME, cwd, agentSessionId: sessionId }, false),
  });

  const screen = async (): Promise<string> => (await tmux.capture(NAME)) ?? '';
  const report = (event: string, nth = 1): Promise<HookReport> =>
    until(() => listener.reports.filter(({ hook_event_name: name }) => name === event)[nth - 1]);
  await report('SessionStart');
  return {
    sessionId,
    reports: listener.reports,
    report,
    screen,
    async shows(pattern) {
      let last = '';
      const look = async (): Promise<boolean> => pattern.test((last = await screen()));
      await until(look, 10_000).catch(() => {
        throw new Error(`the screen never showed ${pattern}:\n${last}`);
      });
      return last;
    },
    async paste(text) {
      await tmux.paste(NAME, text);
    },
    async keys(...names) {
      await tmux.keys(NAME, ...names);
    },
    showsCursor: async () => (await tmux.look(NAME))?.showsCursor === true,
    async signal(name) {
      const agent = await markChild((await tmux.pane(NAME))?.pid ?? 0);
      if (agent !== null) await sendSignal(agent, name);
    },
    async activity() {
      const folder = path.join(home, '.claude', 'sessions');
      const names = (await readdir(folder).catch(() => [])).filter((name) => /^\d+\.json$/.test(name));
      const said = await Promise.all(names.map((name) => readFile(path.join(folder, name), 'utf8').catch(() => '')));
      // It is written over, and for a moment holds nothing.
      const found = said.filter((text) => text.endsWith('}')).map((text) => JSON.parse(text) as HookReport);
      return found.find((told) => told['sessionId'] === sessionId)?.['status'];
    },
    async cursor() {
      const found = await tmux.look(NAME);
      if (found === null) throw new Error('the agent has ended');
      return found.cursor;
    },
    transcript: (id = sessionId) => readTranscript(home, id),
    async ended() {
      await until(async () => (await tmux.pane(NAME))?.dead);
    },
    async close() {
      await tmux.killServer();
      await listener.close();
      await rm(root, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
    },
  };
}

/** As the driver starts it. */
function toLaunch({ bin, extraArgs, baseUrl }: AgentProgram, home: string): LaunchOptions {
  const credentials = { apiKey: TEST_API_KEY, oauthToken: null, baseUrl };
  return { bin, home, model: null, permissionMode: 'default', extraArgs, credentials };
}

async function listenForReports(answer: (report: HookReport) => object): Promise<{
  readonly port: number;
  readonly reports: readonly HookReport[];
  close(): Promise<void>;
}> {
  const reports: HookReport[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const report = JSON.parse(Buffer.concat(chunks).toString()) as HookReport;
      reports.push(report);
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer(report)));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    reports,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
