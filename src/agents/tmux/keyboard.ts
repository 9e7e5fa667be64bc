import { beside, type AskTmux } from './server/command.ts';
import type { OwnPanes } from './own-panes.ts';

/** What became of something sent to a pane. `dead`: its program has ended and nothing was sent. */
export type Sent = 'sent' | 'dead' | 'gone';

/** What is typed into sessions' own panes. */
export interface Keyboard {
  /** Pastes the text as one bracketed paste, or nothing when the pane is dead: pasting into a dead pane
   *  ends the whole tmux 3.3a server. */
  paste(session: string, text: string): Promise<Sent>;
  /** Sends key names (`Enter`, `Escape`), never text. */
  keys(session: string, ...keys: readonly string[]): Promise<Sent>;
  /** Keeps away what people type at it until `unlock`, or for some seconds. Our own keys and pastes go through. */
  lock(session: string): Promise<void>;
  unlock(session: string): Promise<void>;
}

const LOCK_MAX_S = '5';

export function createKeyboard(tmux: AskTmux, panes: OwnPanes): Keyboard {
  let buffers = 0;
  const locked = new Set<string>();

  /** Runs `toCommand(pane)` inside tmux only while the pane lives; asked and done in one step of the server.
   *  A pane that a person scrolls in is brought back first. */
  async function whileAlive(
    session: string,
    toCommand: (pane: string) => string,
    before: readonly string[] = [],
    input?: string,
  ): Promise<Sent> {
    const pane = await panes.locate(session);
    if (pane === null) return 'gone';
    const command = locked.has(session) ? throughLock(pane, toCommand(pane)) : toCommand(pane);
    const { code, stdout } = await tmux([...before, ...guard(session, pane, command)], { input });
    const said = stdout.trim();
    if (code === 0 && said === '') return 'sent';
    if (said === 'dead') return 'dead';
    panes.forget(session);
    return 'gone';
  }

  return {
    async paste(session, text) {
      const buffer = `gatehouse-${process.pid}-${(buffers += 1)}`;
      const load = ['load-buffer', '-b', buffer, '-', ';'];
      const sent = await whileAlive(session, (pane) => `paste-buffer -p -r -d -b ${buffer} -t ${pane}`, load, text);
      if (sent !== 'sent') await tmux(['delete-buffer', '-b', buffer]);
      return sent;
    },

    keys: (session, ...keys) => whileAlive(session, (pane) => `send-keys -t ${pane} ${keys.join(' ')}`),

    async lock(session) {
      const pane = await panes.locate(session);
      if (pane === null) return;
      locked.add(session);
      // By itself, for a gateway that is killed leaves it locked.
      const later = beside(`tmux select-pane -e -t ${pane}`, LOCK_MAX_S);
      await tmux(['select-pane', '-d', '-t', pane, ';', ...later]);
    },

    async unlock(session) {
      locked.delete(session);
      const pane = await panes.locate(session);
      if (pane !== null) await tmux(['select-pane', '-e', '-t', pane]);
    },
  };
}

function throughLock(pane: string, command: string): string {
  return `select-pane -e -t ${pane} ; ${command} ; select-pane -d -t ${pane}`;
}

/** Says why the command is not run, or nothing. */
function guard(session: string, pane: string, command: string): readonly string[] {
  const unfit = `#{?#{!=:#{session_name},${session}},gone,#{?pane_dead,dead,}}`;
  const say = `display-message -p -t ${pane} '${unfit}'`;
  return ['if-shell', '-F', '-t', pane, unfit, say, `copy-mode -q -t ${pane} ; ${command}`];
}
