import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** A folder of its own and all that runs in it. Closing it ends the programs, newest first, and removes the folder. */
export interface Place extends AsyncDisposable {
  readonly folder: string;
  /** Aborts when a person gives up. */
  readonly signal: AbortSignal;
  /** A path below the folder. */
  path(...names: readonly string[]): string;
  /** Runs a program with this environment and nothing else; what it writes goes to `<name>.log`. */
  start(name: string, argv: readonly string[], env: Environment): Program;
  /** Runs a program to its end, also when a person gave up before; what it printed.
   *  @throws Error with what it wrote, when it fails. */
  run(argv: readonly string[], env: Environment): Promise<string>;
  defer(close: () => Promise<void>): void;
}

export type Environment = Readonly<Record<string, string>>;

export interface Program {
  readonly pid: number;
  /** @throws Error with what it wrote, when it has ended. */
  mustRun(): void;
  /** Kills it; resolves when it is gone. */
  end(): Promise<void>;
}

const LOOK_EVERY_MS = 2;

export async function openPlace(signal: AbortSignal): Promise<Place> {
  const folder = await realpath(await mkdtemp(path.join(tmpdir(), 'gatehouse-bench-')));
  const opened = new AsyncDisposableStack();
  opened.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }));
  return {
    folder,
    signal,
    path: (...names) => path.join(folder, ...names),

    start(name, [program = '', ...args], env) {
      const file = path.join(folder, `${name}.log`);
      const log = openSync(file, 'a');
      const child = spawn(program, args, { cwd: folder, env, stdio: ['ignore', log, log] });
      closeSync(log);
      const { pid } = child;
      if (pid === undefined) throw new Error(`${program} cannot be started`);
      const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
      const end = (): Promise<void> => {
        child.kill('SIGKILL');
        return gone;
      };
      const mustRun = (): void => {
        if (child.exitCode === null && child.signalCode === null) return;
        throw new Error(`${name} has ended: ${readFileSync(file, 'utf8')}`);
      };
      opened.defer(end);
      return { pid, mustRun, end };
    },

    run: ([program = '', ...args], env) =>
      toOutput(spawn(program, args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] }), program),

    defer: (close) => opened.defer(close),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

function toOutput(child: ChildProcess, program: string): Promise<string> {
  const said = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream]?.setEncoding('utf8').on('data', (text: string) => (said[stream] += text));
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve(said.stdout);
      else reject(new Error(`${program} ended with ${code}: ${said.stderr}${said.stdout}`));
    });
  });
}

/** Looks again and again until it is so. @throws Error when that takes longer than a minute. */
export async function until(check: () => Promise<boolean> | boolean, what: string, signal: AbortSignal): Promise<void> {
  const deadline = performance.now() + 60_000;
  while (!(await check())) {
    if (performance.now() > deadline) throw new Error(`not within a minute: ${what}`);
    await delay(LOOK_EVERY_MS, undefined, { signal });
  }
}
