// A gateway that kills itself: `serve` with the store of doomed-store.ts.
import { createGateway } from '../../src/compose.ts';
import { readConfig } from '../../src/config/config.ts';
import { createLog } from '../../src/log.ts';
import { tmuxSocketOf } from '../helpers/own-tmux.ts';
import { killAll, processesWith } from '../helpers/process-tree.ts';
import { createDoomedStore } from './doomed-store.ts';
import type { CrashPlan } from './points.ts';

const plan = JSON.parse(process.env['CRASH_PLAN'] ?? '') as CrashPlan;
const config = readConfig(process.env);
const log = createLog(config.log.level);

/** Without a pause between the first and the last of them. */
function die(): void {
  const others = plan.kind === 'host' ? processesWith(tmuxSocketOf(config.dirs.data)) : [];
  killAll([...others, process.pid]);
}

await createGateway(config, {
  log,
  apiKey: config.http.apiKey ?? '',
  wrapStore: (store) => createDoomedStore(store, plan, die),
});
setInterval(() => {}, 2 ** 30);
