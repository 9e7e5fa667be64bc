import type { AskTmux } from './server/command.ts';
import { createKeyboard, type Keyboard } from './keyboard.ts';
import { look, type Look } from './look.ts';
import type { OwnPanes } from './own-panes.ts';

export interface Pane {
  readonly dead: boolean;
  readonly pid: number;
  /** Of the program, 128 and more for a signal; null while it lives, and when the shell around it was killed. */
  readonly exitCode: number | null;
}

/** The panes in which the programs of sessions were started. */
export interface Panes extends Keyboard {
  /** The visible pane as text; null when there is no such session. With `history` also what scrolled away, for
   *  tmux writes over the first line of a program that ended. */
  capture(session: string, history?: 'history'): Promise<string | null>;
  /** The visible pane with its colours, and whether people sit before it; null when there is no such session. */
  look(session: string): Promise<Look | null>;
  /** Makes the session's own pane as large as a new one's, or of so many rows; smaller terminals then see a part of it. */
  enlarge(session: string, rows?: number): Promise<void>;
  /** null when there is no such session. */
  pane(session: string): Promise<Pane | null>;
}

/** Of a new session, in characters. */
export const COLUMNS = '200';
export const ROWS = '50';

/** What `remain-on-exit` writes below the last words of a program. */
const DEAD_NOTICE = /^Pane is dead \(.*\)\n?/m;

export function createPanes(tmux: AskTmux, own: OwnPanes): Panes {
  async function pane(session: string): Promise<Pane | null> {
    const id = await own.locate(session);
    if (id === null) return null;
    const format = '#{session_name} #{pane_dead} #{pane_pid} #{@gatehouse_exit}';
    const { code, stdout } = await tmux(['display-message', '-p', '-t', id, format]);
    const [name, dead, pid, status] = stdout.trim().split(' ');
    if (code === 0 && name === session && pid !== undefined)
      return { dead: dead === '1', pid: Number(pid), exitCode: status === undefined ? null : Number(status) };
    own.forget(session);
    return null;
  }

  return {
    ...createKeyboard(tmux, own),
    pane,
    look: (session) => look(tmux, own, session),

    async capture(session, history) {
      if ((await pane(session)) === null) return null;
      const from = history === undefined ? [] : ['-S', '-'];
      const { code, stdout } = await tmux(['capture-pane', '-p', ...from, '-t', (await own.locate(session)) ?? '']);
      return code === 0 ? stdout.replace(DEAD_NOTICE, '') : null;
    },

    async enlarge(session, rows = Number(ROWS)) {
      const id = await own.locate(session);
      if (id !== null) await tmux(['resize-window', '-t', id, '-x', COLUMNS, '-y', `${rows}`]);
    },
  };
}
