import { userInfo } from 'node:os';
import { createAskTmux } from '../agents/tmux/server/ask.ts';
import { endOldServers } from '../agents/tmux/server/end-server.ts';
import { toOldSocketName, toSocketPath } from '../agents/tmux/server/socket-path.ts';
import { createTmux } from '../agents/tmux/tmux.ts';
import { readAgentEnvironment } from '../config/agent-environment.ts';
import type { Config } from '../config/config.ts';
import { lockDataDir } from '../store/sqlite/lock.ts';

/** One tmux server for each data folder. */
export function toTmuxSocket({ agent }: Config, dataDir: string): string {
  return toSocketPath({ dataDir, userHome: () => userInfo().homedir, stewardSocket: agent.stewardSocket });
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
