import { setTimeout as delay } from 'node:timers/promises';
import { endAgents, findRunning } from '../compose/instance.ts';
import { readConfig } from '../config/config.ts';
import { withDotEnv } from '../config/dotenv.ts';
import { openFolder } from '../lib/files/open-folder.ts';
import { toCount } from './shown/words.ts';
import type { Terminal } from './terminal.ts';

const LOOK_EVERY_MS = 50;
const BEYOND_DRAIN_MS = 5_000;

/** Stops the gateway of the settings' DATA_DIR, if one runs, then its agents and their tmux server. Turns under way
 *  end with the agents; the next start tells so on their requests. */
export async function down(terminal: Terminal): Promise<number> {
  const config = readConfig(withDotEnv(terminal.env, terminal.folder));
  if (config.agent.stewardSocket !== null) {
    throw new Error('in the container the gateway and its agents end together: docker compose stop');
  }
  const dataDir = await openFolder('DATA_DIR', config.dirs.data, 0o700);
  const pid = findRunning(dataDir);
  if (pid !== null) {
    process.kill(pid, 'SIGTERM');
    const until = performance.now() + config.limits.drainTimeoutMs + BEYOND_DRAIN_MS;
    while (findRunning(dataDir) === pid) {
      if (performance.now() > until) throw new Error(`the gateway (pid ${pid}) does not end; nothing else was touched`);
      await delay(LOOK_EVERY_MS);
    }
    terminal.print(`stopped the gateway (pid ${pid})`);
  }
  const ended = await endAgents(config, dataDir);
  terminal.print(ended === null ? 'no agents are running' : `ended ${toCount(ended, 'agent')} and the tmux server`);
  return 0;
}
