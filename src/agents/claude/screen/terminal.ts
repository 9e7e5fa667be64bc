import { settlesWithin } from '../../../lib/settles-within.ts';
import type { Look } from '../../tmux/look.ts';
import type { Tmux } from '../../tmux/tmux.ts';
import { readMode } from './footer.ts';
import { createKeyAge, isSince, laterKey } from './key-times.ts';
import { MARKER_WIDTH, readScreen, type Screen } from './screen.ts';
import { createWaker, type WakerParts } from './wake.ts';

/** The program at the terminal has ended; nothing was sent to it. */
export class TerminalGoneError extends Error {
  override readonly name = 'TerminalGoneError';
}

export interface View {
  readonly screen: Screen;
  /** How long ago an attached person pressed a key; null without one. */
  readonly typedAgoMs: number | null;
  /** The instant (epoch milliseconds, to the second) of the last key of a person, as far as one was seen. */
  readonly keyAt: number | null;
  /** Commands run in the background, as the agent says itself. */
  readonly hasTasks: boolean;
  /** The permission mode that it shows; null when it shows none. */
  readonly mode: string | null;
}

/** Where one agent is seen and its keys are pressed. */
export interface Terminal {
  /** Null when its program has ended, or was stopped and does not go on. One that goes on is continued. */
  look(): Promise<View | null>;
  /** The same by now; whoever attached just now has pressed one. */
  lastKeyAt(): Promise<number | null>;
  /** Whether the last look saw a person there, or one had pressed a key since then (epoch milliseconds). */
  wasAttendedSince(since: number): boolean;
  /** @throws TerminalGoneError */
  paste(text: string): Promise<void>;
  /** @throws TerminalGoneError */
  press(...keys: readonly Key[]): Promise<void>;
  /** Runs `work`, for at most some seconds, while nobody else's keys reach the program. */
  alone<T>(work: () => Promise<T>): Promise<T>;
}

/** `Submit` is Enter for a composer, `OpenEditor` opens its external editor, `CycleMode` goes to the next permission mode. */
export type Key = 'Enter' | 'Escape' | 'Up' | 'Down' | 'Tab' | 'Space' | 'Submit' | 'OpenEditor' | 'CycleMode';

/** What tmux sends for a key that is not one of its own names.
 *  `Submit`: Enter in the form `CSI 13 u`. While the CLI comes back from its editor, the terminal still makes a line break of
 *  a plain Enter (ICRNL): 3 of 75 under load stood in the composer as one; of this form none. */
const SENT: Partial<Record<Key, string>> = { Submit: '-H 1b 5b 31 33 75', OpenEditor: 'C-g', CycleMode: 'BTab' };

/** In a smaller one the CLI leaves out or cuts off what its screen is read by. */
const COLUMNS_MIN = 60;
const ROWS_MIN = 20;
/** In this one the composer is in sight above a status line of hundreds of lines. */
const ROWS_TALL = 500;

const KEY_LOOK_MAX_MS = 1_000;
const NEVER: AbortSignal = new AbortController().signal;

/** What the agent does, as it says itself: `shell` is idle with commands that run in the background. */
export type Activity = 'idle' | 'shell' | 'busy' | 'waiting';

export interface TerminalParts extends Omit<WakerParts, 'look'> {
  readonly tmux: Tmux;
  readonly session: string;
  readonly readActivity: () => Promise<Activity>;
}

export function createTerminal({ tmux, session, readActivity, ...parts }: TerminalParts): Terminal {
  const wake = createWaker({ ...parts, look: lookOnce });
  const keyAge = createKeyAge();
  let keyAt: number | null = null;
  let isAttended = false;

  async function lookOnce(): Promise<Look | null> {
    const found = await tmux.look(session);
    isAttended = found !== null && found.lastTypedAt !== null;
    keyAt = laterKey(keyAt, found?.lastKeyAt ?? null);
    return found;
  }

  return {
    async look() {
      const doing = readActivity();
      let found = await lookOnce();
      if (found !== null && (found.columns < COLUMNS_MIN || found.rows < ROWS_MIN)) {
        await tmux.enlarge(session);
        found = await lookOnce();
      }
      const seen = found === null || found.dead ? null : await wake(found);
      if (seen === null || seen.dead) return null;
      const typedAgoMs = keyAge(seen.lastTypedAt);
      const does = await (seen === found ? doing : readActivity());
      const activity = does === 'shell' ? 'idle' : does;
      const screen = readScreen(seen.screen, { activity, cursor: seen.cursor });
      // What is drawn anew in it the next look sees.
      if (screen.kind === 'other' && activity !== 'waiting' && isAbove(seen)) await tmux.enlarge(session, ROWS_TALL);
      return { screen, typedAgoMs, keyAt, hasTasks: does === 'shell', mode: readMode(seen.screen) };
    },
    async lastKeyAt() {
      let attachedAt: number | null = null;
      // A tmux that does not answer tells nothing.
      const looked = lookOnce().then(
        (found) => void (attachedAt = found?.attachedAt ?? null),
        () => {},
      );
      await settlesWithin(looked, KEY_LOOK_MAX_MS, NEVER);
      return laterKey(keyAt, attachedAt);
    },
    wasAttendedSince: (since) => isAttended || isSince(keyAt, since),
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

/** The pane is full of what stands below the composer: its cursor is kept in the first row, behind a marker out of sight. */
function isAbove({ cursor, rows, screen }: Look): boolean {
  // The CLI leaves its last row empty.
  const isFull = screen.split('\n').findLastIndex((line) => line.trim() !== '') >= rows - 2;
  return isFull && rows < ROWS_TALL && cursor.row === 0 && cursor.column >= MARKER_WIDTH;
}

function refuseGone(sent: 'sent' | 'dead' | 'gone'): void {
  if (sent !== 'sent') throw new TerminalGoneError('The agent’s program has ended.');
}
