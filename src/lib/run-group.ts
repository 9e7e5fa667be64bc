import { endGroup } from './end-tree.ts';
import { collect, drained } from './pipes.ts';
import { startProgram } from './start-program.ts';

export interface GroupOptions {
  /** All that it gets. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly timeoutMs: number;
  /** Its output ends here, and it with it. */
  readonly maxBytes?: number | undefined;
  readonly input?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Whether it ends with this process, too. It costs another process; what only reads can be left to itself. */
  readonly isLeashed?: boolean | undefined;
}

export interface GroupResult {
  /** 127: there is no such program. Null: a signal ended it. */
  readonly code: number | null;
  /** Why it ended: `full` at `maxBytes`. */
  readonly ended: 'itself' | 'late' | 'aborted' | 'full';
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** For a program that was told to end, and may have something to tidy up. */
const TERM_MS = 1_000;
const STDERR_MAX_BYTES = 64 * 1024;
const STDOUT_MAX_BYTES = 64 * 1024 * 1024;

/** Waits for the end of this process, which closes the pipe 3, and ends its group then. The program takes the place of
 *  the shell; the one that waits is the last of the group, so that no other group can get its number meanwhile. */
const LEASHED = `( trap '' TERM; read -r line; kill -TERM 0; sleep 1; kill -KILL 0 ) <&3 3<&- >/dev/null 2>&1 &
exec "$@" 3<&-`;

/** Runs a program in a process group of its own, which ends whole: with the program, at the deadline, when the signal
 *  aborts, and when this process is killed. Rejects when it cannot be started, which a leashed one tells by 127; how it
 *  ended is a value. */
export function runGroup(file: string, args: readonly string[], options: GroupOptions): Promise<GroupResult> {
  return new Promise((resolve, reject) => {
    const { maxBytes = STDOUT_MAX_BYTES, signal } = options;
    const child = start(file, args, options, reject);
    if (child === null) return;
    let ended: GroupResult['ended'] = 'itself';
    let force: NodeJS.Timeout | undefined;
    const end = (why: GroupResult['ended']): void => {
      if (ended !== 'itself' || child.exitCode !== null || child.signalCode !== null) return;
      ended = why;
      endGroup(child.pid, 'SIGTERM');
      force = setTimeout(() => endGroup(child.pid), TERM_MS);
    };
    const late = setTimeout(() => end('late'), options.timeoutMs);
    const abort = (): void => end('aborted');
    if (signal?.aborted === true) abort();
    signal?.addEventListener('abort', abort, { once: true });
    const stdout = collect(child.stdout, maxBytes, () => {
      end('full');
      // Too much is too much also when it is read behind the end.
      if (ended === 'itself') ended = 'full';
    });
    const stderr = collect(child.stderr, STDERR_MAX_BYTES);
    const settle = (): void => {
      clearTimeout(late);
      clearTimeout(force);
      signal?.removeEventListener('abort', abort);
      child.stdio[3]?.destroy();
    };
    child.once('error', settle);
    child.once('exit', (code) => {
      endGroup(child.pid);
      drained(child, () => {
        settle();
        resolve({ code, ended, stdout: stdout(), stderr: stderr().toString() });
      });
    });
    // One that ends before it has read its input is told by its exit code, not by EPIPE.
    child.stdin.on('error', () => {});
    child.stdin.end(options.input ?? '');
  });
}

function start(
  file: string,
  args: readonly string[],
  { env, cwd, isLeashed = true }: GroupOptions,
  failed: (error: Error) => void,
) {
  if (!isLeashed) return startProgram(file, args, { env, cwd, detached: true }, failed);
  const leashed = ['-c', LEASHED, 'sh', file, ...args];
  return startProgram('/bin/sh', leashed, { env, cwd, detached: true, hasFourth: true }, failed);
}
