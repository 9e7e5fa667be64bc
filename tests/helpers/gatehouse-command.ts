import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { COMPILED } from './compiled.ts';
import { until } from './until.ts';

/** What is used of node-pty, whose types are no module. */
interface Pty {
  spawn(file: string, args: readonly string[], options: object): PtyChild;
}

interface PtyChild {
  write(keys: string): void;
  onData(listener: (part: string) => void): void;
  onExit(listener: (end: { readonly exitCode: number }) => void): void;
  kill(signal: string): void;
}

// @ts-expect-error its types declare a module of this name instead of being one
const pty = (await import('node-pty')) as Pty;

export interface Said {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export type CommandEnv = Readonly<Record<string, string>>;

/** Where the command is asked to look, and nothing of the environment of the tests. */
export interface CommandLine {
  /** On pipes. */
  run(args: readonly string[], input?: string | Uint8Array): Promise<Said>;
  /** On a terminal. */
  open(args: readonly string[], size?: { readonly columns: number; readonly rows: number }): TypedCommand;
}

export interface TypedCommand {
  type(keys: string): void;
  /** All that was written to the terminal. */
  shown(): string;
  /** Resolves when this is shown. */
  shows(words: string | RegExp): Promise<void>;
  readonly exited: Promise<number>;
  kill(): void;
}

export function createCommandLine(env: CommandEnv, cwd: string): CommandLine {
  const program = [`${process.cwd()}/src/main.ts`];
  const whole = { PATH: process.env['PATH'] ?? '', NODE_COMPILE_CACHE: COMPILED, ...env };
  return {
    async run(args, input = '') {
      const child = spawn(process.execPath, [...program, ...args], { env: whole, cwd });
      child.stdin.on('error', () => undefined).end(input);
      const exited = once(child, 'close') as Promise<[number | null]>;
      const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), exited]);
      return { code: code ?? -1, stdout, stderr };
    },
    open(args, { columns, rows } = { columns: 100, rows: 30 }) {
      const options = { name: 'xterm-256color', cols: columns, rows, cwd, env: { ...whole, TERM: 'xterm-256color' } };
      const child = pty.spawn(process.execPath, [...program, ...args], options);
      let shown = '';
      child.onData((part) => (shown += part));
      const exited = new Promise<number>((resolve) => child.onExit(({ exitCode }) => resolve(exitCode)));
      return {
        type: (keys) => child.write(keys),
        shown: () => shown,
        shows: async (words) => {
          const isThere = (): boolean => (typeof words === 'string' ? shown.includes(words) : words.test(shown));
          await until(isThere).catch(() => {
            throw new Error(`not shown: ${words}\n${shown}`);
          });
        },
        exited,
        kill: () => child.kill('SIGKILL'),
      };
    },
  };
}
