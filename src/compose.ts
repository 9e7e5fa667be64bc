import { createHash, randomBytes } from 'node:crypto';
import { userInfo } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createClaudeDriver } from './agents/claude/driver/driver.ts';
import { openHookReceiver, type HookReceiver } from './agents/claude/hooks/hook-receiver.ts';
import type { AgentSide } from './agents/steward/agent-side.ts';
import { createStewardClient, untilStewardAnswers } from './agents/steward/client.ts';
import { createAskTmux } from './agents/tmux/server/ask.ts';
import type { SocketLoss } from './agents/tmux/server/command.ts';
import { endOldServers } from './agents/tmux/server/end-server.ts';
import { toOldSocketName, toSocketPath } from './agents/tmux/server/socket-path.ts';
import { createTmux, type Tmux } from './agents/tmux/tmux.ts';
import { readAgentEnvironment } from './config/agent-environment.ts';
import type { Config } from './config/config.ts';
import { createGatewayFlows } from './core/flows/gateway.ts';
import type { AgentDriver } from './core/ports/agent.ts';
import type { Clock } from './core/ports/clock.ts';
import type { GatewayApi } from './core/ports/gateway.ts';
import type { Ids } from './core/ports/ids.ts';
import type { Log } from './core/ports/log.ts';
import type { Store } from './core/ports/store.ts';
import { createHttpServer, type HttpServer } from './http/server.ts';
import { openInbox, type Inbox } from './inbox/inbox.ts';
import { openResponseFiles } from './inbox/response-files.ts';
import { openFolder } from './lib/open-folder.ts';
import { version } from './lib/version.ts';
import { openOwnSide } from './own-side.ts';
import { lockDataDir } from './store/sql/lock.ts';
import { openSqliteStore } from './store/sqlite.ts';

/** A running gateway. */
export interface Gateway {
  /** Null when HTTP_API_ENABLED is false. */
  readonly httpAddress: { readonly host: string; readonly port: number } | null;
  readonly hookPort: number;
  /** The tmux server of this instance: `tmux -S <socket> attach`. */
  readonly tmuxSocket: string;
  readonly api: GatewayApi;
  /** Stops this process's part: running turns stay in tmux, and the next start finds them. */
  drain(): Promise<void>;
  /** Stops everything, the agents and their tmux server too. */
  down(): Promise<void>;
}

export interface GatewayDeps {
  readonly log: Log;
  readonly apiKey: string;
  /** Where state lives; by default SQLite in the data folder. */
  readonly openStore?: (file: string) => Promise<Store>;
}

const DAY_MS = 86_400_000;
/** How long a gateway that stops answers 503. */
const REFUSE_MS = 1_000;

/** The one place that joins the parts. Opens in order, and closes in reverse what was opened when a step fails.
 *  @throws Error that names the variable to change: a taken port, a data folder in use. */
export async function createGateway(config: Config, deps: GatewayDeps): Promise<Gateway> {
  const { log, apiKey, openStore = (file) => openSqliteStore({ file, log }) } = deps;
  const dataDir = await openFolder('DATA_DIR', config.dirs.data, 0o700);
  let started = false;
  const opened: (() => Promise<void> | void)[] = [];
  const closeAll = async (): Promise<void> => {
    for (const close of opened.splice(0).toReversed()) await close();
  };
  try {
    const lock = lockDataDir(dataDir);
    opened.push(() => lock.release());
    const store = await openStore(path.join(dataDir, 'gatehouse.db'));
    opened.push(() => store.close());
    const side = await openAgentSide(config, dataDir);
    const tmux = openTmux(side, toTmuxSocket(config, dataDir), log);
    if (config.agent.stewardSocket === null) await endOldTmux(dataDir, log);
    await tmux.ensureServer();
    // A start that fails leaves no server behind; one with sessions is an earlier process's, and stays.
    opened.push(() => (started ? undefined : endUnused(tmux)));
    const hooks = await openHookReceiver(config.agent.hookPort, log, config.agent.stewardSocket !== null);
    opened.push(() => hooks.close());
    const driver = createDriver({ config, dataDir, side, tmux, hooks, log });
    opened.push(() => driver.close());

    const responseFiles = config.dirs.responses === null ? null : await openResponseFiles(config.dirs.responses);
    let inbox: Inbox | null = null;
    const flows = createGatewayFlows(
      {
        store,
        drivers: new Map([['claude', driver]]),
        workspaces: side.workspaces,
        terminals: side.terminals(tmux),
        responseFiles,
        clock,
        ids,
        log,
        settings: {
          defaultAgent: config.agent.default,
          turnTimeoutMs: config.limits.turnTimeoutMs,
          queueTimeoutMs: config.limits.queueTimeoutMs,
          pauseProbeMs: config.limits.pauseProbeMs,
          queueMax: config.limits.queueMax,
          sessionQueueMax: config.limits.sessionQueueMax,
          maxLiveSessions: config.limits.maxLiveSessions,
          sessionIdleMs: config.limits.sessionIdleMs,
          maxRunningTurns: config.limits.maxRunningTurns,
          approvalTimeoutMs: config.limits.approvalTimeoutMs,
          terminalWriteEnabled: config.terminal.writeEnabled,
          idempotencyTtlMs: DAY_MS,
        },
      },
      {
        async filesystem() {
          await side.workspaces.check();
          await inbox?.check();
          await responseFiles?.check();
        },
        hookListener: () => hooks.check(),
      },
    );
    const http = config.http.enabled ? await openHttp(config, flows.api, log, apiKey) : null;
    if (http !== null) opened.push(() => http.server.close());
    await flows.start();
    started = true;
    inbox = config.dirs.tasks === null ? null : await openTasks(config.dirs.tasks, config, flows.api, log);
    opened.push(() => inbox?.close());

    const drain = async (): Promise<void> => {
      await flows.drain();
      // Callers and load balancers are told to go elsewhere before the door is shut.
      if (http !== null) await delay(REFUSE_MS);
      await closeAll();
    };
    return {
      httpAddress: http?.address ?? null,
      hookPort: hooks.port,
      tmuxSocket: tmux.socket,
      api: flows.api,
      drain,
      async down() {
        await flows.drain();
        await flows.closeSessions();
        await closeAll();
        await tmux.killServer();
      },
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

function openTasks(folder: string, { botWorkspace }: Config, gateway: GatewayApi, log: Log): Promise<Inbox> {
  return openInbox({ folder, workspace: botWorkspace, gateway, clock, log });
}

async function endUnused(tmux: Tmux): Promise<void> {
  if ((await tmux.list()).length === 0) await tmux.killServer();
}

async function openAgentSide({ agent, dirs }: Config, dataDir: string): Promise<AgentSide> {
  const { home, stewardSocket } = agent;
  const settings = path.join(dataDir, 'claude');
  if (stewardSocket === null) return openOwnSide({ home, workspaces: dirs.workspaces, settings });
  const side = createStewardClient(stewardSocket);
  await untilStewardAnswers(side, stewardSocket);
  return side;
}

function openTmux(side: AgentSide, socket: string, log: Log): Tmux {
  const onLost = (what: SocketLoss): void => log.warn({ socket, what }, 'tmux.socket_lost');
  return createTmux({ socket, ask: side.askTmux(socket), onLost });
}

async function endOldTmux(dataDir: string, log: Log): Promise<void> {
  const socket = toOldSocketName(dataDir);
  if ((await endOldServers(socket)) > 0) log.warn({ socket }, 'tmux.old_server_ended');
}

interface DriverParts {
  readonly config: Config;
  readonly dataDir: string;
  readonly side: AgentSide;
  readonly tmux: Tmux;
  readonly hooks: HookReceiver;
  readonly log: Log;
}

function createDriver({ config, dataDir, side, tmux, hooks, log }: DriverParts): AgentDriver {
  return createClaudeDriver({
    tmux,
    files: side.files,
    sendSignal: side.sendSignal,
    hooks,
    bin: config.agent.bin,
    home: config.agent.home,
    folder: path.join(dataDir, 'claude'),
    model: config.agent.model,
    permissionMode: config.agent.permissionMode,
    extraArgs: config.agent.extraArgs,
    credentials: config.agent.credentials,
    log,
  });
}

async function openHttp(
  config: Config,
  api: GatewayApi,
  log: Log,
  apiKey: string,
): Promise<{ readonly server: HttpServer; readonly address: { readonly host: string; readonly port: number } }> {
  const { host, port, auth, rateLimitMax, rateLimitWindowMs, corsOrigins } = config.http;
  const keys = [{ id: 'default', sha256: createHash('sha256').update(apiKey).digest() }];
  const { botWorkspace } = config;
  const defaultTimeoutMs = config.limits.turnTimeoutMs;
  const settings = {
    host,
    port,
    // The container holds its ports while no gateway listens on them.
    reusePort: config.agent.stewardSocket !== null,
    auth,
    keys,
    rateLimitMax,
    rateLimitWindowMs,
    corsOrigins,
    defaultTimeoutMs,
    botWorkspace,
  };
  const server = await createHttpServer({ gateway: api, settings, log, version });
  const address = await server.listen().catch(async (cause: unknown) => {
    await server.close();
    if ((cause as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw cause;
    throw new Error(`HTTP_API_PORT: port ${port} on ${host} is taken: stop what uses it or choose another`, { cause });
  });
  return { server, address };
}

/** The process that holds this data folder; null when none does, whatever a crash left in `gateway.pid`. */
export function findRunning(dataDir: string): number | null {
  try {
    lockDataDir(dataDir).release();
    return null;
  } catch (error) {
    const pid = /\(pid (\d+)\)/.exec(error instanceof Error ? error.message : '')?.[1];
    if (pid === undefined) throw error;
    return Number(pid);
  }
}

/** Ends the agents that a stopped gateway left in tmux, and their server; how many, or null when no server runs. */
export async function endAgents(config: Config, dataDir: string): Promise<number | null> {
  const socket = toTmuxSocket(config, dataDir);
  const tmux = createTmux({ socket, ask: createAskTmux({ socket, env: readAgentEnvironment(config.agent.home) }) });
  const old = await endOldServers(toOldSocketName(dataDir));
  const sessions = await tmux.list().catch(() => null);
  if (sessions === null) return old > 0 ? 0 : null;
  await tmux.killServer();
  return sessions.length;
}

/** One tmux server for each data folder. */
function toTmuxSocket({ agent }: Config, dataDir: string): string {
  return toSocketPath({ dataDir, userHome: () => userInfo().homedir, stewardSocket: agent.stewardSocket });
}

const clock: Clock = {
  now: () => Date.now(),
  after(ms, callback) {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};

const ids: Ids = {
  requestId: () => toId('req'),
  approvalId: () => toId('apr'),
};

function toId(kind: string): string {
  return `${kind}-${Date.now().toString(36)}-${randomBytes(12).toString('base64url')}`;
}
