import { rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { createEnds } from './ends.ts';
import { runProgram, type ProgramResult } from '../../lib/run-program.ts';

/** What became of something sent to a pane. `dead`: its program has ended and nothing was sent. */
export type Sent = 'sent' | 'dead' | 'gone';

export interface NewPane {
  readonly session: string;
  readonly cwd: string;
  /** Added to the environment of this session alone. */
  readonly env: Readonly<Record<string, string>>;
  readonly argv: readonly string[];
}

export interface Pane {
  readonly dead: boolean;
  readonly pid: number;
  /** Of the program, 128 and more for a signal; null while it lives, and when the shell around it was killed. */
  readonly exitCode: number | null;
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

export interface Look {
  readonly dead: boolean;
  /** In characters. A person who attaches gives the pane the size of their terminal. */
  readonly columns: number;
  readonly rows: number;
  /** With terminal sequences for colours. */
  readonly screen: string;
  /** The instant (epoch milliseconds, to the second) of the last key of an attached person; null without one. */
  readonly lastTypedAt: number | null;
}

/** One private tmux server. It outlives the process that started it. */
export interface Tmux {
  readonly socket: string;
  /** Starts the server when none runs; its environment is what sessions inherit. */
  ensureServer(): Promise<void>;
  /** Starts a session; `remain-on-exit` keeps the last screen of a program that ended. */
  open(pane: NewPane): Promise<void>;
  /** Pastes the text as one bracketed paste, or nothing when the pane is dead: pasting into a dead pane
   *  ends the whole tmux 3.3a server. */
  paste(session: string, text: string): Promise<Sent>;
  /** Sends key names (`Enter`, `Escape`), never text. */
  keys(session: string, ...keys: readonly string[]): Promise<Sent>;
  /** Keeps away what people type at it until `unlock`, or for some seconds. Our own keys and pastes go through. */
  lock(session: string): Promise<void>;
  unlock(session: string): Promise<void>;
  /** The visible pane as text; null when there is no such session. With `history` also what scrolled away, for
   *  tmux writes over the first line of a program that ended. */
  capture(session: string, history?: 'history'): Promise<string | null>;
  /** The visible pane with its colours, and whether people sit before it; null when there is no such session. */
  look(session: string): Promise<Look | null>;
  /** Makes the session's own pane as large as a new one's; smaller terminals then see a part of it. */
  enlarge(session: string): Promise<void>;
  /** null when there is no such session. */
  pane(session: string): Promise<Pane | null>;
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
  /** The environment of the server, and so of everything it starts. Nothing else is inherited. */
  readonly env: Readonly<Record<string, string>>;
}

export function createTmux({ socket, env }: TmuxOptions): Tmux {
  const tmux = (args: readonly string[], input?: string): Promise<ProgramResult> =>
    runProgram('tmux', ['-L', socket, '-f', '/dev/null', ...args], {
      input,
      env,
      signal: AbortSignal.timeout(COMMAND_TIMEOUT_MS),
    });
  let buffers = 0;
  /** The pane in which the program of a session was started: a person may open others, and make one the active. */
  const panes = new Map<string, string>();
  const locked = new Set<string>();

  async function must(args: readonly string[], input?: string): Promise<string> {
    const { code, stdout, stderr } = await tmux(args, input);
    if (code !== 0) throw new Error(`tmux ${args[0]} failed: ${stderr.trim()}`);
    return stdout;
  }

  /** The id of the session's own pane; null when it is not there. Ids begin anew with each server, so whoever uses
   *  one compares the session's name too. */
  async function locate(session: string): Promise<string | null> {
    const known = panes.get(session);
    if (known !== undefined) return known;
    const { code, stdout } = await tmux(['list-panes', '-s', '-t', `=${session}`, '-F', `#{${PANE_MARK}} #{pane_id}`]);
    const found = code === 0 ? /^1 (%\d+)$/m.exec(stdout)?.[1] : undefined;
    if (found !== undefined) panes.set(session, found);
    return found ?? null;
  }

  /** Runs `toCommand(pane)` inside tmux only while the pane lives; asked and done in one step of the server.
   *  A pane that a person scrolls in is brought back first. */
  async function whileAlive(
    session: string,
    toCommand: (pane: string) => string,
    before: readonly string[] = [],
    input?: string,
  ): Promise<Sent> {
    const pane = await locate(session);
    if (pane === null) return 'gone';
    const unfit = `#{?#{!=:#{session_name},${session}},gone,#{?pane_dead,dead,}}`;
    const [open, shut] = locked.has(session)
      ? [`select-pane -e -t ${pane} ; `, ` ; select-pane -d -t ${pane}`]
      : ['', ''];
    const command = `copy-mode -q -t ${pane} ; ${open}${toCommand(pane)}${shut}`;
    const guarded = ['if-shell', '-F', '-t', pane, unfit, `display-message -p -t ${pane} '${unfit}'`, command];
    const { code, stdout } = await tmux([...before, ...guarded], input);
    const said = stdout.trim();
    if (code === 0 && said === '') return 'sent';
    if (said === 'dead') return 'dead';
    panes.delete(session);
    return 'gone';
  }

  async function find(session: string): Promise<Pane | null> {
    const pane = await locate(session);
    if (pane === null) return null;
    const format = '#{session_name} #{pane_dead} #{pane_pid} #{@gatehouse_exit}';
    const { code, stdout } = await tmux(['display-message', '-p', '-t', pane, format]);
    const [name, dead, pid, status] = stdout.trim().split(' ');
    if (code === 0 && name === session && pid !== undefined)
      return { dead: dead === '1', pid: Number(pid), exitCode: status === undefined ? null : Number(status) };
    panes.delete(session);
    return null;
  }

  const ends = createEnds({
    async nextEnd(signal) {
      const look = AbortSignal.timeout(LOOK_AGAIN_MS);
      const either = AbortSignal.any([signal, look]);
      await runProgram('tmux', ['-L', socket, 'wait-for', END_CHANNEL], { env, signal: either }).catch(() => {});
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
      const found = await find(session).catch(() => undefined);
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
      const found = await find(session).catch(() => undefined);
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
    const found = await find(session);
    if (found !== null && !found.dead) {
      // Claude Code goes at once when it is told to, and takes a second when its terminal is taken away.
      await tmux(['run-shell', `pkill -TERM -P ${found.pid}`]);
      // Another one who waits for the signal may take it.
      if (!(await endsSoon(session, END_TIMEOUT_MS / END_LOOK_EVERY_MS))) {
        await tmux(['run-shell', `pkill -KILL -P ${found.pid}`]);
        await endsSoon(session, END_LOOKS);
      }
    }
    await tmux(['kill-session', '-t', `=${session}`]);
    panes.delete(session);
  }

  return {
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
      panes.delete(session);
      await must(['source-file', '-'], `${command.map(quote).join(' ')}\n${mark.map(quote).join(' ')}\n`);
    },

    async paste(session, text) {
      const buffer = `gatehouse-${process.pid}-${(buffers += 1)}`;
      const sent = await whileAlive(
        session,
        (pane) => `paste-buffer -p -r -d -b ${buffer} -t ${pane}`,
        ['load-buffer', '-b', buffer, '-', ';'],
        text,
      );
      if (sent !== 'sent') await tmux(['delete-buffer', '-b', buffer]);
      return sent;
    },

    keys: (session, ...keys) => whileAlive(session, (pane) => `send-keys -t ${pane} ${keys.join(' ')}`),

    async lock(session) {
      const pane = await locate(session);
      if (pane === null) return;
      locked.add(session);
      // By itself, for a gateway that is killed leaves it locked.
      const later = ['run-shell', '-b', '-d', LOCK_MAX_S, `tmux select-pane -e -t ${pane}`];
      await tmux(['select-pane', '-d', '-t', pane, ';', ...later]);
    },

    async unlock(session) {
      locked.delete(session);
      const pane = await locate(session);
      if (pane !== null) await tmux(['select-pane', '-e', '-t', pane]);
    },

    async capture(session, history) {
      if ((await find(session)) === null) return null;
      const from = history === undefined ? [] : ['-S', '-'];
      const { code, stdout } = await tmux(['capture-pane', '-p', ...from, '-t', (await locate(session)) ?? '']);
      return code === 0 ? stdout.replace(DEAD_NOTICE, '') : null;
    },

    async look(session) {
      const pane = await locate(session);
      if (pane === null) return null;
      const clients = ['list-clients', '-t', `=${session}`, '-F', '#{client_activity}'];
      const state = ['display-message', '-p', '-t', pane, '#{session_name} #{pane_dead} #{pane_width} #{pane_height}'];
      const screen = ['capture-pane', '-p', '-e', '-t', pane];
      const { code, stdout } = await tmux([...clients, ';', ...state, ';', ...screen]);
      const form =
        /^(?<clients>(?:\d+\n)*)(?<name>\S+) (?<dead>[01]) (?<columns>\d+) (?<rows>\d+)\n(?<screen>[\s\S]*)$/;
      const found = form.exec(stdout)?.groups;
      if (code !== 0 || found?.['name'] !== session) {
        panes.delete(session);
        return null;
      }
      const typed = (found['clients'] ?? '').split('\n').filter((line) => line !== '');
      return {
        dead: found['dead'] === '1',
        columns: Number(found['columns']),
        rows: Number(found['rows']),
        screen: found['screen'] ?? '',
        lastTypedAt: typed.length === 0 ? null : Math.max(...typed.map(Number)) * 1_000,
      };
    },

    async enlarge(session) {
      const pane = await locate(session);
      if (pane !== null) await tmux(['resize-window', '-t', pane, '-x', COLUMNS, '-y', ROWS]);
    },

    pane: find,

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
      const { stdout } = await tmux(['display-message', '-p', '#{socket_path}', ';', 'kill-server']);
      // tmux leaves the socket behind.
      if (stdout.trim() !== '') await rm(stdout.trim(), { force: true });
    },
  };
}

/** Runs the program, then notes its exit code and wakes those who wait for its end. tmux 3.3a itself does not always
 *  hear of an end: its `pane-died` hook was not run for about one in four killed programs, and the code was missing. */
const SIGNAL_END =
  'channel=$1; shift; "$@"; status=$?; tmux set-option -p -t "$TMUX_PANE" @gatehouse_exit $status \\; wait-for -S "$channel"; exit $status';

/** A server that is stopped or drowned in work answers late or never. */
const COMMAND_TIMEOUT_MS = 10_000;

/** For a program that was told to end. */
const END_TIMEOUT_MS = 5_000;

const LOCK_MAX_S = '5';

const END_LOOKS = 50;
const END_LOOK_EVERY_MS = 10;

/** Between two looks at a pane whose end nobody could signal, for the shell itself was killed. */
const LOOK_AGAIN_MS = 5_000;

/** Signalled by whatever ends, for all sessions. */
const END_CHANNEL = 'gatehouse-end';

const COLUMNS = '200';
const ROWS = '50';

/** An option of the pane in which a session's program was started. */
const PANE_MARK = '@gatehouse_agent';

/** What `remain-on-exit` writes below the last words of a program. */
const DEAD_NOTICE = /^Pane is dead \(.*\)\n?/m;

/** One word of a tmux command line. Between single quotes everything but a quote stands for itself. */
function quote(word: string): string {
  return `'${word.replaceAll("'", `'"'"'`)}'`;
}
