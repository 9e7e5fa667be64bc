import { setTimeout as delay } from 'node:timers/promises';
import { parseCommand } from '../../core/model/chat.ts';
import { isPassing } from '../../core/model/errors.ts';
import type { Log } from '../../core/ports/log.ts';

/** One after the other where people would notice, side by side elsewhere. */
export interface InOrder {
  /** What rejects is begun again: for as long as its cause passes by itself, and a few times otherwise; then it is passed
   *  over. False: the end came before it was done. */
  add(key: string, way: Way, act: () => Promise<void>): Promise<boolean>;
  /** Resolves when nothing is under way; once the signal has aborted, that is soon. */
  settled(): Promise<void>;
}

/** `in_turn`: behind all that was given with this key before. `held`: likewise, and it may take long, as with files.
 *  `beside`: behind what was given before, but for what is held, and what waits for that. */
export type Way = 'in_turn' | 'held' | 'beside';

export interface InOrderOptions {
  /** Begins the names of its lines in the log. */
  readonly network: string;
  readonly log: Log;
  /** Aborts when nothing is begun any more. */
  readonly signal: AbortSignal;
  /** Before another try; it doubles. */
  readonly retryMs?: number;
}

interface Line {
  whole: Promise<unknown>;
  /** The end of it, without what is held. */
  quick: Promise<unknown>;
  held: number;
  open: number;
}

const RETRY_MS = 500;
const RETRY_MAX_MS = 10_000;
/** What fails again and again for no reason that is known would stop everything. */
const TRIES = 5;

export function createInOrder({ network, log, signal, retryMs = RETRY_MS }: InOrderOptions): InOrder {
  const lines = new Map<string, Line>();

  async function untilDone(act: () => Promise<void>): Promise<boolean> {
    for (let tries = 1, waitMs = retryMs; !signal.aborted; tries += 1, waitMs = Math.min(waitMs * 2, RETRY_MAX_MS)) {
      try {
        await act();
        return true;
      } catch (error) {
        if (signal.aborted) return false;
        const fields = { error: String(error) };
        if (!isPassing(error) && tries >= TRIES) {
          log.error(fields, `${network}.update_dropped`);
          return true;
        }
        if (tries === 1) log.warn(fields, `${network}.update_waits`);
        await delay(waitMs, undefined, { signal }).catch(() => {});
      }
    }
    return false;
  }

  function lineOf(key: string): Line {
    const line = lines.get(key) ?? { whole: Promise.resolve(), quick: Promise.resolve(), held: 0, open: 0 };
    lines.set(key, line);
    return line;
  }

  return {
    add(key, way, act) {
      const line = lineOf(key);
      const done = (way === 'beside' ? line.quick : line.whole).then(() => untilDone(act));
      if (way === 'beside' || (way === 'in_turn' && line.held === 0)) line.quick = done;
      line.whole = way === 'beside' ? Promise.all([line.whole, done]) : done;
      line.held += way === 'held' ? 1 : 0;
      line.open += 1;
      return done.finally(() => {
        line.held -= way === 'held' ? 1 : 0;
        line.open -= 1;
        if (line.open === 0) lines.delete(key);
      });
    },
    async settled() {
      await Promise.all([...lines.values()].map(({ whole }) => whole));
    },
  };
}

/** Files hold up the thread that they are for, and no command in it; but what is written behind `/new` is for the other
 *  workspace. */
export function wayOf(text: string, hasFiles: boolean): Way {
  const command = parseCommand(text);
  if (command !== null && command.name !== 'new') return 'beside';
  return wayOfChange(hasFiles);
}

/** What is changed is behind what it changes. */
export function wayOfChange(hasFiles: boolean): Way {
  return hasFiles ? 'held' : 'in_turn';
}
