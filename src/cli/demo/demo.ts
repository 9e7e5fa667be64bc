import { randomBytes } from 'node:crypto';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createGateway } from '../../compose.ts';
import { readConfig } from '../../config/config.ts';
import { loadApiKey } from '../../lib/secrets/api-key.ts';
import { createLog } from '../../log.ts';
import type { Schemas } from '../../client/client.ts';
import { toConnection } from '../remote/connection.ts';
import { describeEnd } from '../remote/run.ts';
import { startScriptedModel } from './scripted-model.ts';
import { catchStopSignals, untilAborted } from '../stop-signal.ts';
import type { Terminal } from '../terminal.ts';

const WORKSPACE = 'demo';
const PROMPT = 'Say in one sentence what you received.';
/** Short, to show the phases as they pass. */
const LOOK_EVERY_MS = 40;

export interface DemoOptions {
  /** Ends after the first answer. */
  readonly once?: true;
}

interface DemoDoor {
  readonly url: string;
  readonly key: string;
  readonly tmuxSocket: string;
}

/** The main job on a machine without an account. Ends all that it started, also when it fails. */
export async function demo({ once }: DemoOptions, terminal: Terminal): Promise<number> {
  const stop = catchStopSignals();
  await using started = new AsyncDisposableStack();
  try {
    const door = await startGateway(terminal, started);
    const end = await showFirstRequest(door, stop, terminal);
    if (end.state !== 'completed') return 1;
    if (once) return 0;
    tellWhatToTry(door, end.requestId, terminal);
    await untilAborted(stop);
  } catch (error) {
    if (!stop.aborted) throw error;
  }
  terminal.print('\nEnding the agents, the tmux server and the gateway, and removing the folder.');
  return 0;
}

async function startGateway(terminal: Terminal, started: AsyncDisposableStack): Promise<DemoDoor> {
  terminal.print('Gatehouse demo: real Claude Code in real tmux, answered by a scripted model on this machine.\n');
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'gatehouse-demo-')));
  started.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 }));
  const model = await startScriptedModel();
  started.defer(() => model.stop());
  const config = readConfig(toEnvironment(folder, model.url, terminal));
  const { key } = await loadApiKey({ configured: null, dataDir: config.dirs.data });
  const log = createLog(config.log.level, { write: (line) => terminal.complain(line.trimEnd()) });
  const gateway = await createGateway(config, { log, apiKey: key });
  started.defer(() => gateway.down());
  if (gateway.httpAddress === null) throw new Error('the gateway has no HTTP address');
  return { tmuxSocket: gateway.tmuxSocket, url: `http://${gateway.httpAddress.host}:${gateway.httpAddress.port}`, key };
}

/** Nothing of the user's settings: neither their key nor their folders are touched. */
function toEnvironment(folder: string, modelUrl: string, { env }: Terminal): Record<string, string> {
  return {
    PATH: env['PATH'] ?? '',
    HTTP_API_PORT: '0',
    AGENT_HOOK_PORT: '0',
    TASK_API_PORT: '0',
    // The watching below asks more often than a caller should.
    RATE_LIMIT_MAX: '0',
    DATA_DIR: join(folder, 'data'),
    WORKSPACES_ROOT: join(folder, 'workspaces'),
    AGENT_HOME: join(folder, 'home'),
    ANTHROPIC_API_KEY: `sk-ant-demo-${randomBytes(24).toString('base64url')}`,
    ANTHROPIC_BASE_URL: modelUrl,
    LOG_LEVEL: 'warn',
  };
}

async function showFirstRequest(door: DemoDoor, stop: AbortSignal, terminal: Terminal): Promise<Schemas['Status']> {
  const { client, ask } = toConnection(door);
  const startedAt = performance.now();
  const body = { workspace: WORKSPACE, command: PROMPT };
  terminal.print(`POST /execute ${JSON.stringify(body)}`);
  const { requestId } = await ask(client.POST('/execute', { body }));
  let shown = '';
  for (;;) {
    const status = await ask(client.GET('/status/{requestId}', { params: { path: { requestId } } }));
    const step = status.phase === null ? describeEnd(status) : `${status.state}, ${status.phase}`;
    if (step !== shown) {
      const seconds = ((performance.now() - startedAt) / 1000).toFixed(2).padStart(6);
      terminal.print(`${seconds} s  ${requestId}  ${step}`);
      shown = step;
    }
    if (status.state !== 'queued' && status.state !== 'running') {
      const { text } = status.output;
      if (text !== undefined) terminal.print(`\n${text.replaceAll(/^(?=.)/gm, '  ')}\n`);
      return status;
    }
    await sleep(LOOK_EVERY_MS, undefined, { signal: stop });
  }
}

function tellWhatToTry({ url, key, tmuxSocket }: DemoDoor, requestId: string, terminal: Terminal): void {
  const curl = `curl -s -H 'X-API-Key: ${key}'`;
  const body = JSON.stringify({ workspace: WORKSPACE, command: 'And what now?' });
  terminal.print(`The gateway stays up until Ctrl-C.

  address   ${url}
  key       ${key}
  API docs  ${url}/api-docs

Try, from another terminal:

  ${curl} -H 'Content-Type: application/json' -H 'Prefer: wait=30' \\
    -d '${body}' ${url}/execute

  ${curl} ${url}/status/${requestId}
  ${curl} ${url}/sessions
  ${curl} ${url}/session/${WORKSPACE}/screen

Or sit down before the agent yourself (Ctrl-b d leaves):

  tmux -S ${tmuxSocket} attach -t claude-${WORKSPACE}
`);
}
