import { runProgram, type ProgramResult } from '../../../lib/run-program.ts';
import { askServer } from './ask-server.ts';

export interface AskTmuxOptions {
  /** Given on standard input. */
  readonly input?: string | undefined;
  /** Ends the asking; it rejects then. */
  readonly signal?: AbortSignal | undefined;
}

/** What became of a server whose socket was lost. `restored`: it made it again, and then it was asked. `hidden`: it lives
 *  and did not, so it was not asked. `ended`: it did not, and was ended with its agents before another one was started. */
export type SocketLoss = 'restored' | 'hidden' | 'ended';

export interface TmuxAnswer extends ProgramResult {
  readonly lost?: SocketLoss;
}

/** Asks one server. An exit code is a value; rejects when the server does not answer in time. Only `start-server`
 *  starts one, and never a second one; `kill-server`, as the last word, takes its socket along. */
export type AskTmux = (args: readonly string[], options?: AskTmuxOptions) => Promise<TmuxAnswer>;

export interface TmuxServer {
  /** The path of its socket (`tmux -S`). */
  readonly socket: string;
  /** The environment of the server, and so of everything it starts. Nothing else is inherited. */
  readonly env: Readonly<Record<string, string>>;
}

/** A server that is stopped or drowned in work answers late or never. */
const COMMAND_TIMEOUT_MS = 10_000;

/** Of the command lines of all servers that were started here. */
export function toServerWords(socket: string): readonly string[] {
  return ['-S', socket, '-f', '/dev/null', START];
}

const START = 'start-server';

/** Runs one command of tmux, and starts a server for `start-server` alone. A server that is there is asked without the
 *  program: to start one costs many times what the answer does. */
export async function runTmux(
  { socket, env }: TmuxServer,
  args: readonly string[],
  { input, signal }: AskTmuxOptions = {},
): Promise<ProgramResult> {
  const late = AbortSignal.timeout(COMMAND_TIMEOUT_MS);
  const either = signal === undefined ? late : AbortSignal.any([late, signal]);
  const answer = isStart(args) ? null : await askServer({ socket, env, args, input }, either);
  if (answer !== null) return answer;
  const mayStart = isStart(args) ? [] : ['-N'];
  const words = [...mayStart, '-S', socket, '-f', '/dev/null', ...args];
  return runProgram('tmux', words, { input, env, signal: either });
}

export function isStart([command]: readonly string[]): boolean {
  return command === START;
}

export function isEnd(args: readonly string[]): boolean {
  return args.at(-1) === 'kill-server';
}

/** Nothing of the command has reached a server. */
export function isUnheard({ code, stderr }: ProgramResult): boolean {
  return code === 1 && /^(no server running on|error connecting to) /m.test(stderr);
}

/** What it printed. @throws Error for another exit code than 0. */
export async function mustTmux(tmux: AskTmux, args: readonly string[], input?: string): Promise<string> {
  const { code, stdout, stderr } = await tmux(args, { input });
  if (code !== 0) throw new Error(`tmux ${args[0]} failed: ${stderr.trim()}`);
  return stdout;
}

/** A command of a shell that the server runs by itself. What it prints, or an exit code that is not 0, would be shown in
 *  some pane of some session, which takes no keys then. */
export function beside(command: string, afterSeconds = '0'): readonly string[] {
  return ['run-shell', '-b', '-d', afterSeconds, `(${command}) >/dev/null 2>&1; exit 0`];
}

/** One word of a command line of tmux or a shell. Between single quotes everything but a quote stands for itself. */
export function quote(word: string): string {
  return `'${word.replaceAll("'", `'"'"'`)}'`;
}
