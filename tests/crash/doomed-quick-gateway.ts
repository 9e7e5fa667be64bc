// A gateway that is killed at a step: `serve` with a store whose writes are steps of steps.ts.
import { createGateway } from '../../src/compose.ts';
import { readConfig } from '../../src/config/config.ts';
import type { Store } from '../../src/core/ports/store.ts';
import { createLog } from '../../src/log.ts';
import { createOwnSteps } from './steps.ts';

const config = readConfig(process.env);
const log = createLog(config.log.level);
const run = createOwnSteps(process.env['CRASH_STEPS'] ?? '', () => process.kill(process.pid, 'SIGKILL'));

/** Those that a start, a message and a delete come to. */
const WRITES = [
  ...['beginQuick', 'readyQuick', 'removeQuick', 'forgetQuick'],
  ...['accept', 'claim', 'progress', 'end', 'endQueued', 'requeue'],
  ...['updateSession', 'deleteSession', 'appendEvent'],
] as const satisfies readonly (keyof Store)[];

await createGateway(config, {
  log,
  apiKey: config.http.apiKey ?? '',
  wrapStore: withSteps,
});
setInterval(() => {}, 2 ** 30);

function withSteps(store: Store): Store {
  return Object.assign({ ...store }, Object.fromEntries(WRITES.map((name) => [name, toStep(store, name)])));
}

function toStep(store: Store, name: (typeof WRITES)[number]) {
  const write = store[name] as (...args: readonly unknown[]) => Promise<unknown>;
  return (...args: readonly unknown[]) => run(name, () => write(...args));
}
