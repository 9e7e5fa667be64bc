// The third program of the container: it runs hooks as a user of their own. It is started with an environment that every
// hook may see.
import { readHookEnvironment, readHooksSocket } from './config/hook-environment.ts';
import { serveHooks } from './hooks/host/serve.ts';
import { createRunner } from './hooks/run/runner.ts';

try {
  const host = await serveHooks(createRunner(readHookEnvironment()), readHooksSocket());
  process.once('SIGTERM', () => void host.close().then(() => process.exit(0)));
} catch (error) {
  // The operator reads what to repair, as from the gateway.
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
