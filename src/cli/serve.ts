import { createGateway } from '../compose.ts';
import type { Gateway } from '../compose.ts';
import { readConfig } from '../config/config.ts';
import type { Config } from '../config/config.ts';
import { withDotEnv } from '../config/dotenv.ts';
import type { Log } from '../core/ports/log.ts';
import { collectGarbage } from '../lib/collect-garbage.ts';
import { openFolder } from '../lib/files/open-folder.ts';
import { loadApiKey } from '../lib/secrets/api-key.ts';
import type { ApiKey } from '../lib/secrets/api-key.ts';
import { createDroppingSink, createLog, gatherLines, type LineSink, openReadable } from '../log.ts';
import { createReload } from './hooks/reload.ts';
import { catchStopSignals, untilAborted } from './stop-signal.ts';
import type { Terminal } from './terminal.ts';

export interface ServeOptions {
  /** Instead of HTTP_API_PORT. */
  readonly port?: string;
}

/** Runs the gateway until a signal. Running turns go on in tmux and are picked up at the next start. */
export async function serve({ port }: ServeOptions, terminal: Terminal): Promise<number> {
  const reload = createReload();
  const stop = catchStopSignals(reload.onHangup);
  const settings = withDotEnv(terminal.env, terminal.folder);
  const config = readConfig(port === undefined ? settings : { ...settings, HTTP_API_PORT: port });
  const log = createLog(config.log.level, await openSink(terminal), { prompts: config.log.prompts });
  await openFolder('DATA_DIR', config.dirs.data, 0o700);
  const apiKey = await loadApiKey({ configured: config.http.apiKey, dataDir: config.dirs.data });
  const opening = createGateway(config, { log, apiKey: apiKey.key });
  // Also while it starts: HOOKS_FILE may have been read already. That it cannot start is told below.
  const reloadHooks = async (): Promise<void> => (await opening.catch(() => null))?.reloadHooks();
  if (config.hooks.file !== null) reload.open(reloadHooks);
  const gateway = await opening;
  if (config.http.enabled) tellKey(apiKey, terminal, log);
  collectGarbage();
  tellAddress(gateway, config, log);
  await untilAborted(stop);
  log.info({}, 'gateway.draining');
  const drained = await drainWithin(config.limits.drainTimeoutMs, gateway);
  if (drained) log.info({}, 'gateway.stopped');
  else log.warn({ afterMs: config.limits.drainTimeoutMs }, 'gateway.drain_cut_short');
  return 0;
}

/** Readable where a person reads, otherwise JSON. */
async function openSink(terminal: Terminal): Promise<LineSink> {
  const { stdout } = process;
  return createDroppingSink(
    terminal.isTTY ? await openReadable(stdout, !terminal.env['NO_COLOR']) : gatherLines(stdout),
  );
}

/** A generated key is shown once, to a person; a log only ever gets its path. */
function tellKey({ key, source, file }: ApiKey, terminal: Terminal, log: Log): void {
  if (source === 'configured') return;
  if (source === 'generated' && terminal.isTTY) {
    terminal.print(`API key (shown only now, kept in ${file}): ${key}`);
    return;
  }
  log.info({ file }, `api_key.${source}`);
}

function tellAddress(gateway: Gateway, config: Config, log: Log): void {
  const { httpAddress: http, injectAddress: inject, hookPort, tmuxSocket } = gateway;
  log.info({ http, inject, hookPort, tmuxSocket, dataDir: config.dirs.data }, 'gateway.started');
  if (gateway.httpAddress !== null && !config.http.auth) log.warn({ http: gateway.httpAddress }, 'http.open_to_all');
}

/** False when the time was up first; nothing is lost then, for all that matters is on disk or in tmux. */
async function drainWithin(ms: number, gateway: Gateway): Promise<boolean> {
  const cut = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => cut.resolve(false), ms);
  try {
    return await Promise.race([gateway.drain().then(() => true), cut.promise]);
  } finally {
    clearTimeout(timer);
  }
}
