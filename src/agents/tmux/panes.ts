import type { AskTmux } from './command.ts';

/** What became of something sent to a pane. `dead`: its program has ended and nothing was sent. */
export type Sent = 'sent' | 'dead' | 'gone';

export interface Pane {
  readonly dead: boolean;
  readonly pid: number;
  /** Of the program, 128 and more for a signal; null while it lives, and when the shell around it was killed. */
  readonly exitCode: number | null;
}

export interface Look {
  readonly dead: boolean;
  /** In characters. A person who attaches gives the pane the size of their terminal. */
  readonly columns: number;
  readonly rows: number;
  /** With terminal sequences for colours. */
  readonly screen: string;
  /** The instant (epoch milliseconds, to the second) of the last key of an attached person; null without one who can
   *  type. To attach counts as a key. */
  readonly lastTypedAt: number | null;
}

/** The panes in which the programs of sessions were started: a person may open others, and make one the active. */
export interface Panes {
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
}

/** An option of such a pane. */
export const PANE_MARK = '@gatehouse_agent';

/** Of a new session, in characters. */
export const COLUMNS = '200';
export const ROWS = '50';

const LOCK_MAX_S = '5';

/** What `remain-on-exit` writes below the last words of a program. */
const DEAD_NOTICE = /^Pane is dead \(.*\)\n?/m;

/** `forget`: the session begins or ends, so its pane is another one. */
export function createPanes(tmux: AskTmux): Panes & { readonly forget: (session: string) => void } {
  let buffers = 0;
  const panes = new Map<string, string>();
  const locked = new Set<string>();

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
    const { code, stdout } = await tmux([...before, ...guarded], { input });
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

  return {
    forget: (session) => void panes.delete(session),
    pane: find,

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
      // Who only watches cannot type.
      const clients = ['list-clients', '-t', `=${session}`, '-F', '#{?client_readonly,,#{client_activity}}'];
      const state = ['display-message', '-p', '-t', pane, '#{session_name} #{pane_dead} #{pane_width} #{pane_height}'];
      const screen = ['capture-pane', '-p', '-e', '-t', pane];
      const { code, stdout } = await tmux([...clients, ';', ...state, ';', ...screen]);
      const form =
        /^(?<clients>(?:\d*\n)*)(?<name>\S+) (?<dead>[01]) (?<columns>\d+) (?<rows>\d+)\n(?<screen>[\s\S]*)$/;
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
  };
}
