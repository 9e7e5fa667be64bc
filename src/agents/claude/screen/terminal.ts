import type { Tmux } from '../../tmux/tmux.ts';
import { readMode } from './footer.ts';
import { readScreen, type Screen } from './screen.ts';

/** The program at the terminal has ended; nothing was sent to it. */
export class TerminalGoneError extends Error {
  override readonly name = 'TerminalGoneError';
}

export interface View {
  readonly screen: Screen;
  /** How long ago an attached person pressed a key; null without one. */
  readonly typedAgoMs: number | null;
  /** Commands run in the background, as the agent says itself. */
  readonly hasTasks: boolean;
  /** The permission mode that it shows; null when it shows none. */
  readonly mode: string | null;
}

/** Where one agent is seen and its keys are pressed. */
export interface Terminal {
  /** Null when its program has ended. */
  look(): Promise<View | null>;
  /** @throws TerminalGoneError */
  paste(text: string): Promise<void>;
  /** @throws TerminalGoneError */
  press(...keys: readonly Key[]): Promise<void>;
  /** Runs `work`, for at most some seconds, while nobody else's keys reach the program. */
  alone<T>(work: () => Promise<T>): Promise<T>;
}

/** `Submit` is Enter for a composer, `OpenEditor` opens its external editor, `CycleMode` goes to the next permission mode. */
export type Key = 'Enter' | 'Escape' | 'Up' | 'Down' | 'Tab' | 'Submit' | 'OpenEditor' | 'CycleMode';

/** What tmux sends for a key that is not one of its own names.
 *  `Submit`: Enter in the form `CSI 13 u`. While the CLI comes back from its editor, the terminal still makes a line break of
 *  a plain Enter (ICRNL): 3 of 75 under load stood in the composer as one; of this form none. */
const SENT: Partial<Record<Key, string>> = { Submit: '-H 1b 5b 31 33 75', OpenEditor: 'C-g', CycleMode: 'BTab' };

/** In a smaller one the CLI leaves out or cuts off what its screen is read by. */
const COLUMNS_MIN = 60;
const ROWS_MIN = 20;

/** What the agent does, as it says itself: `shell` is idle with commands that run in the background. */
export type Activity = 'idle' | 'shell' | 'busy' | 'waiting';

export function createTerminal(tmux: Tmux, session: string, readActivity: () => Promise<Activity>): Terminal {
  return {
    async look() {
      const doing = readActivity();
      let found = await tmux.look(session);
      if (found !== null && (found.columns < COLUMNS_MIN || found.rows < ROWS_MIN)) {
        await tmux.enlarge(session);
        found = await tmux.look(session);
      }
      if (found === null || found.dead) return null;
      const typedAgoMs = found.lastTypedAt === null ? null : Math.max(0, Date.now() - found.lastTypedAt);
      const does = await doing;
      const activity = does === 'shell' ? 'idle' : does;
      const screen = readScreen(found.screen, { activity, cursor: found.cursor });
      return { screen, typedAgoMs, hasTasks: does === 'shell', mode: readMode(found.screen) };
    },
    async paste(text) {
      refuseGone(await tmux.paste(session, text));
    },
    async press(...keys) {
      refuseGone(await tmux.keys(session, ...keys.map((key) => SENT[key] ?? key)));
    },
    async alone(work) {
      await tmux.lock(session);
      try {
        return await work();
      } finally {
        await tmux.unlock(session);
      }
    },
  };
}

function refuseGone(sent: 'sent' | 'dead' | 'gone'): void {
  if (sent !== 'sent') throw new TerminalGoneError('The agent’s program has ended.');
}
