import { spawn, type ChildProcessByStdio } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import type { ProgramResult } from '../../lib/run-program.ts';
import { quote } from './quote.ts';

/** Starts programs from a small process. The kernel copies the page tables of the process that starts one, which for
 *  this one takes some 6 ms, as long as the program itself runs. */
export interface Starter {
  /** Null: it is at work, or cannot take these words; start the program yourself.
   *  Rejects when the signal aborts, or the small process ends. */
  run(argv: readonly string[], signal: AbortSignal): Promise<ProgramResult> | null;
}

/** Runs each line that it reads; what it printed ends with a NUL, and with the exit code behind that. */
const LOOP = `while IFS= read -r line; do eval "$line" </dev/null; printf '\\0%d\\n' $?; printf '\\0' >&2; done`;
/** An idle one ends after so long. */
const IDLE_MS = 30_000;

type Shell = ChildProcessByStdio<Writable, Readable, Readable>;

interface Task {
  readonly stdout: Buffer[];
  readonly stderr: Buffer[];
  readonly done: PromiseWithResolvers<ProgramResult>;
}

export function createStarter(env: Readonly<Record<string, string>>): Starter {
  let shell: Shell | null = null;
  let task: Task | null = null;
  let idle: NodeJS.Timeout | null = null;

  /** In a process group of its own, so that it can be ended with what it runs. */
  function open(): Shell {
    const opened = spawn('sh', ['-c', LOOP], { env, stdio: ['pipe', 'pipe', 'pipe'], detached: true });
    opened.stdin.on('error', () => {});
    for (const stream of ['stdout', 'stderr'] as const)
      opened[stream].on('data', (chunk: Buffer) => {
        if (shell === opened) take(stream, chunk);
      });
    const gone = (error: Error): void => {
      if (shell === opened) drop(error);
    };
    opened.once('error', gone);
    opened.once('exit', (code) => gone(new Error(`the shell that starts tmux ended with ${code}`)));
    return opened;
  }

  function take(stream: 'stdout' | 'stderr', chunk: Buffer): void {
    if (task === null) return;
    task[stream].push(chunk);
    const [stdout, stderr] = [Buffer.concat(task.stdout), Buffer.concat(task.stderr)];
    const end = stdout.indexOf(0);
    if (end < 0 || stdout.at(-1) !== NEWLINE || stderr.at(-1) !== 0) return;
    const { done } = task;
    rest();
    done.resolve({
      code: Number(stdout.toString('utf8', end + 1)),
      stdout: stdout.toString('utf8', 0, end),
      stderr: stderr.toString('utf8', 0, stderr.length - 1),
    });
  }

  function rest(): void {
    task = null;
    holdOpen(false);
    idle = setTimeout(close, IDLE_MS).unref();
  }

  function close(): void {
    shell?.stdin.end();
    shell = null;
  }

  function drop(error: Error): void {
    const dropped = shell;
    const failed = task;
    [shell, task] = [null, null];
    if (dropped?.pid !== undefined && dropped.exitCode === null && dropped.signalCode === null) killGroup(dropped.pid);
    failed?.done.reject(error);
  }

  /** Only what runs keeps this process alive. */
  function holdOpen(isHeld: boolean): void {
    const how = isHeld ? 'ref' : 'unref';
    shell?.[how]();
    // Sockets, though their types do not say so.
    for (const stream of [shell?.stdin, shell?.stdout, shell?.stderr])
      (stream as Partial<NodeJS.RefCounted>)?.[how]?.();
  }

  return {
    run(argv, signal) {
      if (task !== null || argv.some((word) => word.includes('\n')) || signal.aborted) return null;
      clearTimeout(idle ?? undefined);
      shell ??= open();
      const own: Task = { stdout: [], stderr: [], done: Promise.withResolvers() };
      task = own;
      holdOpen(true);
      const giveUp = (): void => {
        if (task === own) drop(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
      };
      signal.addEventListener('abort', giveUp, { once: true });
      shell.stdin.write(`${argv.map(quote).join(' ')}\n`);
      return own.done.promise.finally(() => signal.removeEventListener('abort', giveUp));
    },
  };
}

const NEWLINE = 10;

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It is gone already.
  }
}
