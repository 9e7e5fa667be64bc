import { setTimeout as delay } from 'node:timers/promises';
import { mustTmux, quote, type AskTmux } from './command.ts';
import { createEnds } from './ends.ts';
import { COLUMNS, createPanes, PANE_MARK, ROWS, type Panes } from './panes.ts';

export interface NewPane {
  readonly session: string;
  readonly cwd: string;
  /** Added to the environment of this session alone. */
  readonly env: Readonly<Record<string, string>>;
  readonly argv: readonly string[];
}

/** A session with the program that was started in it. */
export interface Survey {
  readonly session: string;
  readonly pid: number;
  readonly dead: boolean;
  /** People at its terminal. */
  readonly attached: number;
  /** Epoch milliseconds, to the second. */
  readonly startedAt: number;
}

/** One private tmux server. It outlives the process that started it. */
export interface Tmux extends Panes {
  readonly socket: string;
  /** Starts the server when none runs; its environment is what sessions inherit. */
  ensureServer(): Promise<void>;
  /** Starts a session; `remain-on-exit` keeps the last screen of a program that ended. */
  open(pane: NewPane): Promise<void>;
  /** A variable that `open` gave to this session; null when there is no such session or variable. */
  variable(session: string, name: string): Promise<string | null>;
  /** Resolves when the session's program has ended or the session is gone; rejects when the signal aborts. */
  ended(session: string, signal: AbortSignal): Promise<void>;
  /** The names of all sessions, ours or not. */
  list(): Promise<readonly string[]>;
  /** All sessions that `open` started, with one question. */
  survey(): Promise<readonly Survey[]>;
  /** Ends the session; resolves when its program is gone. */
  kill(session: string): Promise<void>;
  /** Ends all sessions and the server. */
  killServer(): Promise<void>;
}

export interface TmuxOptions {
  /** The socket's name (`tmux -L`). */
  readonly socket: string;
  readonly ask: AskTmux;
}

export function createTmux({ socket, ask: tmux }: TmuxOptions): Tmux {
  const { forget, ...panes } = createPanes(tmux);
  const must = (args: readonly string[], input?: string): Promise<string> => mustTmux(tmux, args, input);

  const ends = createEnds({
    async nextEnd(signal) {
      const look = AbortSignal.timeout(LOOK_AGAIN_MS);
      const either = AbortSignal.any([signal, look]);
      await tmux(['wait-for', END_CHANNEL], { signal: either }).catch(() => {});
      signal.throwIfAborted();
    },

    async listAlive() {
      const format = `#{session_name} #{${PANE_MARK}}#{pane_dead}#{@gatehouse_exit}`;
      const { stdout } = await tmux(['list-panes', '-a', '-F', format]);
      return new Set([...stdout.matchAll(/^(\S+) 10$/gm)].map((found) => found[1] ?? ''));
    },
  });

  async function ended(session: string, signal: AbortSignal): Promise<void> {
    for (;;) {
      // Waiting before the look: an end between the two wakes us.
      const stop = new AbortController();
      const woken = ends.mayHaveEnded(session, AbortSignal.any([signal, stop.signal]));
      woken.catch(() => {});
      // A server that does not answer proves nothing.
      const found = await panes.pane(session).catch(() => undefined);
      if (found === null || found?.dead === true) {
        stop.abort();
        return;
      }
      await woken;
      if (await endsSoon(session, END_LOOKS)) return;
    }
  }

  /** The signal comes a moment before the shell's own end. */
  async function endsSoon(session: string, looks: number): Promise<boolean> {
    for (let look = 1; ; look += 1) {
      const found = await panes.pane(session).catch(() => undefined);
      if (found === null || found?.dead === true) return true;
      if (look >= looks) return false;
      await delay(END_LOOK_EVERY_MS);
    }
  }

  async function list(): Promise<readonly string[]> {
    const { code, stdout, stderr } = await tmux(['list-sessions', '-F', '#{session_name}']);
    if (code !== 0) throw new Error(`tmux does not answer: ${stderr.trim()}`);
    return stdout.split('\n').filter((name) => name !== '');
  }

  async function kill(session: string): Promise<void> {
    const found = await panes.pane(session);
    if (found !== null && !found.dead) {
      // Claude Code goes at once when it is told to, and takes a second when its terminal is taken away.
      await tmux(['run-shell', '-b', `pkill -TERM -P ${found.pid}`]);
      // Another one who waits for the signal may take it.
      if (!(await endsSoon(session, END_TIMEOUT_MS / END_LOOK_EVERY_MS))) {
        await tmux(['run-shell', '-b', `pkill -KILL -P ${found.pid}`]);
        await endsSoon(session, END_LOOKS);
      }
    }
    await tmux(['kill-session', '-t', `=${session}`]);
    forget(session);
  }

  return {
    ...panes,
    socket,

    async ensureServer() {
      await must([
        'start-server',
        ';',
        'set-option',
        '-s',
        'exit-empty',
        'off',
        ';',
        'set-option',
        '-s',
        'escape-time',
        '0',
      ]);
      await must(['set-option', '-g', 'remain-on-exit', 'on', ';', 'set-option', '-g', 'history-limit', '20000']);
      await must(['set-hook', '-g', 'session-closed', `run-shell -b 'tmux wait-for -S ${END_CHANNEL}'`]);
    },

    async open({ session, cwd, env: own, argv }) {
      // On standard input: an argument would show the credentials in the process list.
      const command = [
        'new-session',
        '-d',
        '-x',
        COLUMNS,
        '-y',
        ROWS,
        '-s',
        session,
        '-c',
        cwd,
        ...Object.entries(own).flatMap(([name, value]) => ['-e', `${name}=${value}`]),
        'sh',
        '-c',
        SIGNAL_END,
        'sh',
        END_CHANNEL,
        ...argv,
      ];
      // In the same step, so that it is the pane of the program.
      const mark = ['set-option', '-p', '-t', `=${session}:`, PANE_MARK, '1'];
      forget(session);
      await must(['source-file', '-'], `${command.map(quote).join(' ')}\n${mark.map(quote).join(' ')}\n`);
    },

    async variable(session, name) {
      const { code, stdout } = await tmux(['show-environment', '-t', `=${session}`, name]);
      return code === 0 && stdout.startsWith(`${name}=`) ? stdout.slice(name.length + 1).trimEnd() : null;
    },

    ended,
    list,
    kill,

    async survey() {
      const format = `#{${PANE_MARK}} #{session_name} #{pane_pid} #{pane_dead} #{session_attached} #{session_created}`;
      const stdout = await must(['list-panes', '-a', '-F', format]);
      return [...stdout.matchAll(/^1 (\S+) (\d+) ([01]) (\d+) (\d+)$/gm)].map((found) => ({
        session: found[1] ?? '',
        pid: Number(found[2]),
        dead: found[3] === '1',
        attached: Number(found[4]),
        startedAt: Number(found[5]) * 1_000,
      }));
    },

    async killServer() {
      await Promise.all((await list().catch(() => [])).map(kill));
      // tmux leaves its socket behind, and in the background its removal would not survive the server.
      const remove = ['run-shell', "rm -f '#{socket_path}'"];
      await tmux(['run-shell', '-b', NUDGE, ';', ...remove, ';', 'kill-server']);
    },
  };
}

/** Runs the program, then notes its exit code and wakes those who wait for its end. tmux 3.3a itself does not always
 *  hear of an end: its `pane-died` hook was not run for about one in four killed programs, and the code was missing. */
const SIGNAL_END =
  'channel=$1; shift; "$@"; status=$?; tmux set-option -p -t "$TMUX_PANE" @gatehouse_exit $status \\; wait-for -S "$channel"; exit $status';

/** Under load tmux 3.3a now and then does not hear that a program has ended which it runs, and a client that waits for
 *  it waits until the next one ends. So clients do not wait, or there is a next one. */
const NUDGE = 'exec sleep 1';

/** For a program that was told to end. */
const END_TIMEOUT_MS = 5_000;

const END_LOOKS = 50;
const END_LOOK_EVERY_MS = 10;

/** Between two looks at a pane whose end nobody could signal, for the shell itself was killed. */
const LOOK_AGAIN_MS = 5_000;

/** Signalled by whatever ends, for all sessions. */
const END_CHANNEL = 'gatehouse-end';
