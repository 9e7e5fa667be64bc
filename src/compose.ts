import { setTimeout as delay } from 'node:timers/promises';
import { openAgents, toFolder } from './compose/agents.ts';
import { listenToChats, openChats } from './compose/chats.ts';
import { clock } from './compose/clock.ts';
import { openDatabase } from './compose/database/open-database.ts';
import { toFlowSettings } from './compose/flow-settings.ts';
import { openHooks } from './compose/hooks/open-hooks.ts';
import { openHttp, type HttpParts } from './compose/http.ts';
import { ids } from './compose/ids.ts';
import { openInject, openTaskChannels } from './compose/inject.ts';
import { measuredLog, measuredStore } from './compose/metrics/measured.ts';
import { openMetricsServer } from './compose/metrics/open-metrics.ts';
import { openTracing } from './compose/tracing/open-tracing.ts';
import { openTransports } from './compose/transports.ts';
import type { Config } from './config/config.ts';
import { createGatewayFlows } from './core/flows/gateway.ts';
import { driverOf, type FlowParts } from './core/flows/parts.ts';
import { createRetention } from './core/flows/retention/retention.ts';
import type { GatewayApi } from './core/ports/gateway/gateway.ts';
import type { AgentDriver } from './core/ports/agent.ts';
import type { Log } from './core/ports/log.ts';
import type { Store } from './core/ports/store.ts';
import { openInbox, type Inbox } from './inbox/inbox.ts';
import { openResponseFiles } from './inbox/response-files.ts';
import { version } from './lib/version.ts';
import { createMetrics, type Meter } from './metrics/metrics.ts';
import { openFolder } from './lib/files/open-folder.ts';
import { lockDataDir } from './store/sqlite/lock.ts';

/** A running gateway. */
export interface Gateway {
  /** Null when HTTP_API_ENABLED is false. */
  readonly httpAddress: { readonly host: string; readonly port: number } | null;
  /** Of the injection API; null when TASK_API_ENABLED is false. */
  readonly injectAddress: { readonly host: string; readonly port: number } | null;
  /** Where metrics are read without a key; null without METRICS_PORT. */
  readonly metricsAddress: { readonly host: string; readonly port: number } | null;
  readonly hookPort: number;
  /** The tmux server of this instance: `tmux -S <socket> attach`. */
  readonly tmuxSocket: string;
  readonly api: GatewayApi;
  /** Reads HOOKS_FILE again. Never rejects: a wrong file is refused, and told of in the log. */
  reloadHooks(): Promise<void>;
  /** Stops this process's part: running turns stay in tmux, and the next start finds them. */
  drain(): Promise<void>;
  /** Stops everything, the agents and their tmux server too. */
  down(): Promise<void>;
}

export interface GatewayDeps {
  readonly log: Log;
  readonly apiKey: string;
  /** Stands between the gateway and its store. */
  readonly wrapStore?: (store: Store) => Store;
}

/** How long a gateway that stops answers 503. */
const REFUSE_MS = 1_000;

/** Joins the parts. Opens in order, and closes in reverse what was opened when a step fails.
 *  @throws Error that names the variable to change: a taken port, a data folder in use. */
export async function createGateway(config: Config, deps: GatewayDeps): Promise<Gateway> {
  const opened = new AsyncDisposableStack();
  try {
    return await openGateway(config, deps, opened);
  } catch (error) {
    await opened.disposeAsync();
    throw error;
  }
}

async function openGateway(config: Config, deps: GatewayDeps, opened: AsyncDisposableStack): Promise<Gateway> {
  const metrics = createMetrics(version);
  const log = measuredLog(deps.log, metrics);
  const dataDir = await openFolder('DATA_DIR', config.dirs.data, 0o700);
  let started = false;
  opened.adopt(lockDataDir(dataDir), (lock) => lock.release());
  const store = await openStore(config, dataDir, { ...deps, log }, metrics);
  opened.defer(() => store.close());
  const asked = await openHooks({ config, store, log, opened });
  const isStarted = (): boolean => started;
  const { side, tmux, hooks, drivers } = await openAgents({ config, dataDir, log, opened, isStarted, metrics });

  const responseFiles = config.dirs.responses === null ? null : await openResponseFiles(config.dirs.responses);
  let inbox: Inbox | null = null;
  const { workspaces, workspaceFiles, worktrees } = side;
  const chats = await openChats(config, log, opened);
  const taskChannels = openTaskChannels(config, { store, clock });
  const parts: FlowParts = {
    ...{ store, workspaces, workspaceFiles, worktrees, hooks: asked.hooks, clock, ids, log },
    ...{ drivers, taskChannels, terminals: side.terminals(tmux) },
    transports: await openTransports({ config, dataDir, log, responseFiles, chats, hooks: asked.transport, metrics }),
    settings: toFlowSettings(config),
    chance: Math.random,
  };
  const flows = createGatewayFlows(parts, {
    filesystem: () => checkAll([workspaces, inbox, responseFiles]),
    hookListener: () => hooks.check(),
  });
  const doors = await openDoors(config, { gateway: flows.api, metrics, log, apiKey: deps.apiKey }, opened);
  await watchGateway(metrics, { config, log, store, gateway: flows.api }, opened);
  await flows.start();
  started = true;
  beginRetention(parts, opened);
  listenToChats(chats, flows.api, taskChannels, opened);
  // Both run the same program.
  const warned = warnOfVersion(driverOf({ drivers }, config.agent.default), log);
  opened.defer(() => warned);
  inbox = config.dirs.tasks === null ? null : await openTasks(config.dirs.tasks, config, flows.api, log);
  opened.defer(async () => inbox?.close());

  return {
    ...doors,
    hookPort: hooks.port,
    tmuxSocket: tmux.socket,
    api: flows.api,
    reloadHooks: asked.reload,
    async drain() {
      await flows.drain();
      // Callers and load balancers are told to go elsewhere before the door is shut.
      if (doors.httpAddress !== null || doors.injectAddress !== null) await delay(REFUSE_MS);
      await opened.disposeAsync();
    },
    async down() {
      await flows.drain();
      await flows.closeSessions();
      await opened.disposeAsync();
      await tmux.killServer();
    },
  };
}

async function openStore(
  config: Config,
  dataDir: string,
  { log, wrapStore = (store) => store }: GatewayDeps,
  metrics: Meter,
): Promise<Store> {
  const store = await openDatabase({ config, dataDir, agents: toFolder(dataDir), log, onCommit: metrics.committed });
  return measuredStore(wrapStore(store), metrics);
}

type Doors = Pick<Gateway, 'httpAddress' | 'injectAddress' | 'metricsAddress'>;

async function openDoors(config: Config, parts: HttpParts, opened: AsyncDisposableStack): Promise<Doors> {
  const { gateway, metrics, log } = parts;
  const http = config.http.enabled ? await openHttp(config, parts) : null;
  if (http !== null) opened.defer(() => http.server.close());
  const injectAddress = await openInject({ config, gateway, log, opened });
  const metricsAddress = await openMetricsServer({ config, metrics, log, opened });
  return { httpAddress: http?.address ?? null, injectAddress, metricsAddress };
}

interface Watching {
  readonly config: Config;
  readonly log: Log;
  readonly store: Store;
  readonly gateway: GatewayApi;
}

async function watchGateway(metrics: Meter, watching: Watching, opened: AsyncDisposableStack): Promise<void> {
  const { config, log, store, gateway } = watching;
  const over = new AbortController();
  opened.defer(() => over.abort());
  const { events, sessions, health } = gateway;
  await metrics.watch({ events, store, sessions, health, now: clock.now }, over.signal);
  await openTracing({ config, log, opened, store, events });
}

function beginRetention(parts: FlowParts, opened: AsyncDisposableStack): void {
  const retention = createRetention(parts);
  opened.defer(() => retention.stop());
  retention.begin();
}

/** With what the parts note beside. */
async function checkAll(
  parts: readonly ({ check(): Promise<readonly string[] | void> } | null)[],
): Promise<{ readonly notes?: readonly string[] }> {
  const notes: string[] = [];
  for (const part of parts) notes.push(...((await part?.check()) ?? []));
  return notes.length === 0 ? {} : { notes };
}

/** The program takes a while to say its version; nobody waits for it. */
async function warnOfVersion(driver: AgentDriver, log: Log): Promise<void> {
  try {
    const { version, warning } = await driver.check();
    if (warning !== null) log.warn({ version, warning }, 'agent.version');
  } catch (error) {
    log.warn({ error: String(error) }, 'agent.version');
  }
}

function openTasks(folder: string, { botWorkspace }: Config, api: GatewayApi, log: Log): Promise<Inbox> {
  const { requests, keptKeys } = api;
  return openInbox({ folder, workspace: botWorkspace, requests, keptKeys, clock, log });
}
