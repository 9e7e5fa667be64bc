import { readFile, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import { createCall, type Call } from './call.ts';
import { until, type Environment, type Place } from './place.ts';

export const ROOT = path.resolve(import.meta.dirname, '..');
export const KEY = 'bench-key-0123456789-abcdefghijkl';
/** Another Claude Code than the pinned one, where the environment names it. */
export const AGENT: Environment =
  process.env['CLAUDE_BIN'] === undefined ? {} : { CLAUDE_BIN: process.env['CLAUDE_BIN'] };
/** A key for the model's stand-in, in the form of a real one. */
export const MODEL_KEY = `sk-ant-bench-${'x'.repeat(24)}`;

/** The built gateway as a process of its own, with default settings but those given. */
export interface Gateway {
  readonly url: string;
  readonly pid: number;
  readonly database: string;
  readonly call: Call;
  /** From the spawn to the first answer of /livez. */
  readonly listeningMs: number;
  /** From the spawn to the first yes of /readyz. */
  readonly readyMs: number;
  /** Kills it, and ends its agents and their tmux server. */
  end(): Promise<void>;
}

/** In its data folder a database may lie already. */
export async function startGateway(place: Place, name: string, settings: Environment = {}): Promise<Gateway> {
  const url = `http://127.0.0.1:${await findFreePort()}`;
  const env = { ...toSettings(place, name, url), ...settings };
  const call = createCall(url, KEY);
  const argv = await readStart();
  const startedAt = performance.now();
  const program = place.start(name, [...argv, 'serve'], env);
  const end = once(async () => {
    call.close();
    await program.end();
    await place.run([...argv, 'down'], env);
  });
  place.defer(end);
  const answers = (probe: string) => async (): Promise<boolean> => {
    program.mustRun();
    return (await call('GET', probe).catch(() => null))?.status === 200;
  };
  await until(answers('/livez'), `${name} listens`, place.signal);
  const listeningMs = performance.now() - startedAt;
  await until(answers('/readyz'), `${name} is ready`, place.signal);
  const readyMs = performance.now() - startedAt;
  return { url, pid: program.pid, database: path.join(env.DATA_DIR, 'gatehouse.db'), call, listeningMs, readyMs, end };
}

function toSettings(place: Place, name: string, url: string) {
  return {
    PATH: process.env['PATH'] ?? '',
    DATA_DIR: place.path(name),
    WORKSPACES_ROOT: place.path(`${name}-workspaces`),
    HTTP_API_PORT: new URL(url).port,
    HTTP_API_KEY: KEY,
    AGENT_HOOK_PORT: '0',
    TASK_API_PORT: '0',
    ANTHROPIC_API_KEY: MODEL_KEY,
    ...AGENT,
    // Its clients are few and fast.
    RATE_LIMIT_MAX: '0',
  };
}

/** What `npm start` runs, with the built program. */
async function readStart(): Promise<readonly string[]> {
  const manifest = JSON.parse(await readFile(path.join(ROOT, 'package.json'), 'utf8')) as Manifest;
  const flags = manifest.scripts.start.split(' ').filter((word) => word.startsWith('--'));
  return [process.execPath, ...flags, path.join(ROOT, 'dist/main.js')];
}

interface Manifest {
  readonly scripts: { readonly start: string };
}

/** Settings under which requests are accepted and wait: the one free turn is taken for a minute by an agent that never
 *  says that it has started. So what is accepted takes the very way that it takes while every agent is at work. */
export async function holdTurns(place: Place): Promise<Environment> {
  const CLAUDE_BIN = place.path('waits');
  await writeFile(CLAUDE_BIN, '#!/bin/sh\nexec tail -f /dev/null\n', { mode: 0o755 });
  return { CLAUDE_BIN, MAX_RUNNING_TURNS: '1', QUEUE_MAX: '1000000', SESSION_QUEUE_MAX: '1000000' };
}

export async function findFreePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | null = null;
  return () => (done ??= work());
}
