import { runProgram, type ProgramResult } from '../../lib/run-program.ts';

export interface AskTmuxOptions {
  /** Given on standard input. */
  readonly input?: string | undefined;
  /** Ends the asking; it rejects then. */
  readonly signal?: AbortSignal | undefined;
}

/** Asks one server. An exit code is a value; rejects when the server does not answer in time. */
export type AskTmux = (args: readonly string[], options?: AskTmuxOptions) => Promise<ProgramResult>;

export interface TmuxServer {
  /** The socket's name (`tmux -L`). */
  readonly socket: string;
  /** The environment of the server, and so of everything it starts. Nothing else is inherited. */
  readonly env: Readonly<Record<string, string>>;
}

/** A server that is stopped or drowned in work answers late or never. */
const COMMAND_TIMEOUT_MS = 10_000;

/** Asks as the user of this process. */
export function createAskTmux({ socket, env }: TmuxServer): AskTmux {
  return (args, { input, signal } = {}) => {
    const late = AbortSignal.timeout(COMMAND_TIMEOUT_MS);
    return runProgram('tmux', ['-L', socket, '-f', '/dev/null', ...args], {
      input,
      env,
      signal: signal === undefined ? late : AbortSignal.any([late, signal]),
    });
  };
}

/** What it printed. @throws Error for another exit code than 0. */
export async function mustTmux(tmux: AskTmux, args: readonly string[], input?: string): Promise<string> {
  const { code, stdout, stderr } = await tmux(args, { input });
  if (code !== 0) throw new Error(`tmux ${args[0]} failed: ${stderr.trim()}`);
  return stdout;
}

/** One word of a tmux command line. Between single quotes everything but a quote stands for itself. */
export function quote(word: string): string {
  return `'${word.replaceAll("'", `'"'"'`)}'`;
}
