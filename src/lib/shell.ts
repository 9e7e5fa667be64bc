import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { endGroup } from './end-tree.ts';
import type { ProgramResult } from './run-program.ts';
import { shellWord } from './shell-word.ts';

/** A shell that stays and starts small programs, one after the other: to start one from a large process costs the
 *  kernel a copy of its page tables, several milliseconds each time. */
export interface Shell {
  /** Null while another one runs: start it yourself. Its standard input is empty. Rejects when the signal aborts, which
   *  ends the program; an exit code is a value. */
  run(words: readonly string[], signal: AbortSignal): Promise<ProgramResult> | null;
  /** Ends it, and what it runs. */
  close(): Promise<void>;
}

/** `env`: all that its programs get. */
export function createShell(env: Readonly<Record<string, string>>): Shell {
  let started: StartedShell | null = null;
  let isBusy = false;
  let isClosed = false;

  async function run(words: readonly string[], signal: AbortSignal): Promise<ProgramResult> {
    isBusy = true;
    started ??= startShell(env);
    const shell = started;
    const end = (): void => shell.end();
    signal.addEventListener('abort', end, { once: true });
    try {
      return await shell.ask(words);
    } catch (error) {
      if (started === shell) started = null;
      signal.throwIfAborted();
      throw error;
    } finally {
      signal.removeEventListener('abort', end);
      isBusy = false;
    }
  }

  return {
    run: (words, signal) => (isBusy || isClosed || signal.aborted ? null : run(words, signal)),
    async close() {
      isClosed = true;
      const shell = started;
      started = null;
      await shell?.close();
    },
  };
}

interface StartedShell {
  ask(words: readonly string[]): Promise<ProgramResult>;
  end(): void;
  /** Ends it, and resolves when it has ended. */
  close(): Promise<void>;
}

function startShell(env: Readonly<Record<string, string>>): StartedShell {
  // A group of its own, so that what it runs ends with it.
  const child = spawn('/bin/sh', [], { env, stdio: 'pipe', detached: true });
  const ended = Promise.withResolvers<void>();
  child.once('exit', () => {
    // What it ran would hold its pipes.
    endGroup(child.pid);
    ended.resolve();
  });
  child.once('error', () => ended.resolve());
  child.stdin.on('error', () => {});
  // It ends with this process, whose end closes its input, and does not hold it up.
  child.unref();
  hold(child, false);
  // Nothing that a program prints looks like it.
  const mark = `\u001e${randomBytes(16).toString('hex')} `;

  const end = (): void => {
    if (child.exitCode === null && child.signalCode === null) endGroup(child.pid);
  };

  return {
    end,
    close() {
      // Whoever waits for its end may have nothing else to wait for.
      child.ref();
      end();
      return ended.promise;
    },
    async ask(words) {
      hold(child, true);
      const told = Promise.all([until(child.stdout, `${mark}`), until(child.stderr, `${mark}`)]);
      const say = `printf '%s%s\\n' ${shellWord(mark)} "$?"; printf '%s\\n' ${shellWord(mark)} >&2`;
      child.stdin.write(`${words.map(shellWord).join(' ')} </dev/null; ${say}\n`);
      try {
        const gone = ended.promise.then(() => Promise.reject(new Error('the shell ended')));
        const [out, err] = await Promise.race([told, gone]);
        return { code: Number(out.behind), stdout: out.before, stderr: err.before };
      } finally {
        hold(child, false);
      }
    },
  };
}

/** Whether its pipes keep this process up. */
function hold(child: ChildProcessWithoutNullStreams, isHeld: boolean): void {
  // Pipes of a child are sockets, whatever their types say.
  for (const pipe of [child.stdin, child.stdout, child.stderr] as unknown as readonly Socket[]) {
    if (isHeld) pipe.ref();
    else pipe.unref();
  }
}

interface Told {
  readonly before: string;
  readonly behind: string;
}

/** What comes before the mark, and the rest of its line. */
function until(stream: NodeJS.ReadableStream, mark: string): Promise<Told> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const look = (chunk: Buffer): void => {
      chunks.push(chunk);
      if (!chunk.includes('\n')) return;
      const all = Buffer.concat(chunks);
      const at = all.indexOf(mark);
      if (at === -1 || all.indexOf('\n', at) === -1) return;
      stream.off('data', look);
      resolve({
        before: all.toString('utf8', 0, at),
        behind: all.toString('utf8', at + Buffer.byteLength(mark)).trim(),
      });
    };
    stream.on('data', look);
  });
}
