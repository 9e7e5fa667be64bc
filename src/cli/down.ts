import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { endAgents } from '../compose.ts';
import { readConfig } from '../config/config.ts';
import { withDotEnv } from '../config/dotenv.ts';
import { openFolder } from '../lib/open-folder.ts';
import type { Terminal } from './terminal.ts';

const LOOK_EVERY_MS = 50;
const BEYOND_DRAIN_MS = 5_000;

/** Stops the gateway of the settings' DATA_DIR, if one runs, then its agents and their tmux server. Turns under way
 *  end with the agents; the next start tells so on their requests. */
export async function down(terminal: Terminal): Promise<number> {
  const config = readConfig(withDotEnv(terminal.env, terminal.folder));
  const dataDir = await openFolder('DATA_DIR', config.dirs.data);
  const pid = Number(await readFile(path.join(dataDir, 'gateway.pid'), 'utf8').catch(() => ''));
  if (pid > 0 && isAlive(pid)) {
    process.kill(pid, 'SIGTERM');
    const until = performance.now() + config.limits.drainTimeoutMs + BEYOND_DRAIN_MS;
    while (isAlive(pid)) {
      if (performance.now() > until) throw new Error(`the gateway (pid ${pid}) does not end; nothing else was touched`);
      await delay(LOOK_EVERY_MS);
    }
    terminal.print(`stopped the gateway (pid ${pid})`);
  }
  const ended = await endAgents(config, dataDir);
  terminal.print(ended === null ? 'no agents are running' : `ended ${ended} agents and their tmux server`);
  return 0;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
