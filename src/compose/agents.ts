import path from 'node:path';
import { createPrintDriver } from '../agents/claude-print/driver/driver.ts';
import { createClaudeDriver } from '../agents/claude/driver/driver.ts';
import { openHookReceiver, type HookReceiver } from '../agents/claude/hooks/hook-receiver.ts';
import type { AgentSide } from '../agents/steward/agent-side.ts';
import { createStewardClient, untilStewardAnswers } from '../agents/steward/client.ts';
import type { SocketLoss } from '../agents/tmux/server/command.ts';
import { endOldServers } from '../agents/tmux/server/end-server.ts';
import { toOldSocketName } from '../agents/tmux/server/socket-path.ts';
import { createTmux, type Tmux } from '../agents/tmux/tmux.ts';
import type { Config } from '../config/config.ts';
import type { AgentName } from '../core/model/agent.ts';
import type { AgentDriver } from '../core/ports/agent.ts';
import type { Log } from '../core/ports/log.ts';
import { openOwnSide } from '../own-side.ts';
import type { Meter } from '../metrics/metrics.ts';
import { toTmuxSocket } from './instance.ts';
import { measuredHooks } from './metrics/measured.ts';
import { readPrices } from '../agents/program/prices/read-prices.ts';

/** What runs agents, and what they call. */
export interface OpenAgents {
  readonly side: AgentSide;
  readonly tmux: Tmux;
  readonly hooks: HookReceiver;
  /** A session is driven by the one that bears the name of its agent. */
  readonly drivers: ReadonlyMap<AgentName, AgentDriver>;
}

export interface AgentsDeps {
  readonly config: Config;
  readonly dataDir: string;
  readonly log: Log;
  /** Gets the closers. */
  readonly opened: AsyncDisposableStack;
  readonly isStarted: () => boolean;
  readonly metrics: Meter;
}

/** @throws Error that names the variable to change. */
export async function openAgents(deps: AgentsDeps): Promise<OpenAgents> {
  const { config, dataDir, log, opened, isStarted } = deps;
  const prices = await readPrices(config.agent.pricesFile);
  const side = await openAgentSide(config, dataDir);
  await refuseUnboundRoot(config, side);
  const tmux = openTmux(side, toTmuxSocket(config, dataDir), log);
  if (config.agent.stewardSocket === null) await endOldTmux(dataDir, log);
  await tmux.ensureServer();
  // A start that fails leaves no server behind; one with sessions is an earlier process's, and stays.
  opened.defer(async () => (isStarted() ? undefined : endUnused(tmux)));
  const receiver = await openHookReceiver(config.agent.hookPort, log, config.agent.stewardSocket !== null);
  const hooks = measuredHooks(receiver, deps.metrics);
  opened.defer(() => hooks.close());
  const options = {
    tmux,
    files: side.files,
    sendSignal: side.sendSignal,
    bin: config.agent.bin,
    home: config.agent.home,
    folder: toFolder(dataDir),
    model: config.agent.model,
    permissionMode: config.agent.permissionMode,
    extraArgs: config.agent.extraArgs,
    credentials: config.agent.credentials,
    prices,
    log,
  };
  const drivers = [
    createClaudeDriver({ ...options, hooks }),
    createPrintDriver({ ...options, permissionMode: config.quick?.permissionMode ?? options.permissionMode }),
  ];
  for (const driver of drivers) opened.defer(() => driver.close());
  return { side, tmux, hooks, drivers: new Map(drivers.map((driver) => [driver.agent, driver])) };
}

/** @throws Error that names the variable */
async function refuseUnboundRoot({ quick }: Config, { files }: AgentSide): Promise<void> {
  if (quick?.permissionMode !== 'bypassPermissions' || !(await files.isRoot())) return;
  throw new Error(
    'QUICK_PERMISSION_MODE: must not be bypassPermissions for agents of the user root: run them as another user',
  );
}

async function openAgentSide({ agent, dirs, quick }: Config, dataDir: string): Promise<AgentSide> {
  const { home, stewardSocket } = agent;
  if (stewardSocket === null)
    return openOwnSide({ home, workspaces: dirs.workspaces, settings: toFolder(dataDir), quick });
  const side = createStewardClient(stewardSocket, { hasWorktrees: quick !== null });
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

async function endUnused(tmux: Tmux): Promise<void> {
  if ((await tmux.list()).length === 0) await tmux.killServer();
}

/** In which each workspace has one for its agent. */
export function toFolder(dataDir: string): string {
  return path.join(dataDir, 'claude');
}
