import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { cp, mkdtemp, mkdir, realpath, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createApiCall, type ApiCall } from './api-call.ts';
import { COMPILED } from './compiled.ts';
import { findFreePort } from './free-port.ts';
import { tmuxSocketOf } from './own-tmux.ts';
import { createOwnDatabase, readPostgres, type Rows } from './postgres/own-database.ts';
import { isRunning, killAll, processesWith } from './process-tree.ts';
import type { InstalledAgent } from './scripted-agent/install.ts';
import { readJournal, type JournalEntry } from './scripted-agent/journal.ts';
import { until } from './until.ts';

/** No other house takes it: another suite may get the port of one that is between two lives. */
export const HOUSE_KEY = `test-key-${randomBytes(16).toString('hex')}`;

/** Where a gateway with the scripted agent lives: its folders, ports and tmux socket. Its processes come and go. */
export interface GatewayHouse {
  readonly root: string;
  readonly url: string;
  readonly call: ApiCall;
  readonly tmuxSocket: string;
  /** The file of SQLite. */
  readonly database: string;
  /** Of Postgres; null: SQLite is used. */
  readonly databaseUrl: string | null;
  /** Rows of the database, as they are on disk: no gateway has to live, and one that does is not disturbed. */
  read(sql: string): Promise<Rows>;
  /** Where the agents keep their transcripts. */
  readonly transcripts: string;
  /** Runs a gateway: as `npm start` does, or another program of this repository. */
  start(argv?: readonly string[], env?: Readonly<Record<string, string>>): GatewayProcess;
  journal(): readonly JournalEntry[];
  /** What the processes wrote. */
  log(): string;
  /** Ends all that lives here, and throws when something does not go. */
  close(): Promise<void>;
}

export interface GatewayProcess {
  readonly pid: number;
  /** The signal or the code with which it ended. */
  readonly exited: Promise<NodeJS.Signals | number>;
  /** Resolves when it takes work. */
  ready(): Promise<void>;
}

export interface HouseOptions {
  readonly agent: Pick<InstalledAgent, 'bin' | 'extraArgs'>;
  readonly env?: Readonly<Record<string, string>>;
}

const READY_WITHIN_MS = 60_000;
const GONE_WITHIN_MS = 10_000;

export async function openGatewayHouse({ agent, env = {} }: HouseOptions): Promise<GatewayHouse> {
  const root = await realpath(await mkdtemp(path.join(os.tmpdir(), 'gatehouse-house-')));
  const place = (name: string): string => path.join(root, name);
  await mkdir(place('data'), { mode: 0o700 });
  const httpPort = await findFreePort();
  const url = `http://127.0.0.1:${httpPort}`;
  const call = createApiCall(url, HOUSE_KEY);
  const tmuxSocket = tmuxSocketOf(env['DATA_DIR'] ?? place('data'));
  const postgres = env['DATABASE_URL'] ?? (await createOwnDatabase());
  const settings = {
    ...(postgres !== null && { DATABASE_URL: postgres, DATABASE_POOL_MAX: '4' }),
    PATH: process.env['PATH'],
    NODE_COMPILE_CACHE: COMPILED,
    HTTP_API_PORT: String(httpPort),
    AGENT_HOOK_PORT: String(await findFreePort()),
    TASK_API_PORT: '0',
    HTTP_API_KEY: HOUSE_KEY,
    RATE_LIMIT_MAX: '0',
    DATA_DIR: place('data'),
    WORKSPACES_ROOT: place('workspaces'),
    ANTHROPIC_API_KEY: `sk-ant-test-${'x'.repeat(24)}`,
    CLAUDE_BIN: agent.bin,
    CLAUDE_EXTRA_ARGS: [...agent.extraArgs, '--journal', place('journal.jsonl')].join(' '),
    ...env,
  };
  const started: { readonly pid: number; readonly exited: Promise<unknown> }[] = [];

  function start(argv: readonly string[] = readStartArguments(), more = {}): GatewayProcess {
    const log = openSync(place('log'), 'a');
    const child = spawn(process.execPath, [...argv], { env: { ...settings, ...more }, stdio: ['ignore', log, log] });
    closeSync(log);
    const { pid } = child;
    if (pid === undefined) throw new Error('the gateway cannot be started');
    const exited = new Promise<NodeJS.Signals | number>((resolve) => {
      child.once('exit', (code, signal) => resolve(signal ?? code ?? -1));
    });
    let isGone = false;
    void exited.then(() => (isGone = true));
    started.push({ pid, exited });
    return {
      pid,
      exited,
      async ready() {
        await until(async () => {
          if (isGone) throw new Error(`the gateway ended before it was ready:\n${readText(place('log'))}`);
          return (await call('GET', '/readyz').catch(() => null))?.status === 200;
        }, READY_WITHIN_MS);
      },
    };
  }

  return {
    root,
    url,
    call,
    tmuxSocket,
    transcripts: place('data/agent-home/.claude/projects'),
    start,
    database: path.join(settings.DATA_DIR, 'gatehouse.db'),
    databaseUrl: postgres,
    read: (sql) =>
      postgres === null ? readCopy(path.join(settings.DATA_DIR, 'gatehouse.db'), sql) : readPostgres(postgres, sql),
    journal: () => readJournal(place('journal.jsonl')),
    log: () => readText(place('log')),
    async close() {
      killAll(started.map(({ pid }) => pid));
      await Promise.all(started.map(({ exited }) => exited));
      await endTmux(tmuxSocket);
      // Whatever an agent started has the folder in its command line.
      const left = processesWith(root);
      killAll(left);
      await rm(root, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
      if (left.length > 0) throw new Error(`processes were left: ${left.join(', ')}`);
    },
  };
}

/** A copy, so that the next gateway finds what the last one left. */
async function readCopy(database: string, sql: string): Promise<Rows> {
  const copy = await mkdtemp(`${database}-look-`);
  try {
    for (const end of ['', '-wal']) await cp(database + end, path.join(copy, `db${end}`)).catch(() => {});
    using db = new DatabaseSync(path.join(copy, 'db'));
    return db.prepare(sql).all();
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

/** What `npm start` gives to node. */
function readStartArguments(): readonly string[] {
  const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as { readonly scripts: { readonly start: string } };
  return manifest.scripts.start.replace(/^exec node /, '').split(' ');
}

/** The tmux server, its clients and its agents. */
async function endTmux(socket: string): Promise<void> {
  // Again after the first time: a client that was just being started begins another server.
  for (let pids = processesWith(socket); pids.length > 0; pids = processesWith(socket)) {
    killAll(pids);
    const ending = pids;
    await until(() => !ending.some(isRunning), GONE_WITHIN_MS);
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
