import { setTimeout as delay } from 'node:timers/promises';
import type { Notice } from '../../../core/ports/agent.ts';
import type { Terminal } from '../screen/terminal.ts';
import type { Modes } from './modes.ts';
import { NotReadyError } from './not-ready.ts';

export interface SetBackParts {
  readonly terminal: Terminal;
  readonly modes: Modes;
  readonly noticed: (notice: Notice) => void;
}

/** Puts an idle agent into the configured permission mode again. */
export interface SetBack {
  /** `seen`: the mode that the screen shows. True when keys were pressed.
   *  @throws NotReadyError when only a new start can. */
  press(seen: string | null, signal: AbortSignal): Promise<boolean>;
  /** The agent has a prompt of ours in the configured mode. */
  proven(): void;
}

/** Modes that Shift+Tab reaches, whatever else it reaches. */
const REACHED: ReadonlySet<string> = new Set(['default', 'acceptEdits', 'plan']);
/** More than there are modes. */
const PRESSES_MAX = 6;
const SHOWN_WITHIN_MS = 500;
const LOOK_EVERY_MS = 20;

/** For one turn. Shift+Tab goes to the next mode; what came of it the screen shows, and the report of the next prompt
 *  proves. Where the screen lies, each report that is refused leads one step on. */
export function createSetBack({ terminal, modes, noticed }: SetBackParts): SetBack {
  let from: string | null = null;
  let presses = 0;
  let toldBefore: string | null = null;

  async function look(): Promise<string | null> {
    const view = await terminal.look();
    const mode = view?.mode ?? null;
    modes.see(mode);
    return mode;
  }

  /** Null when the screen shows nothing else. */
  async function press(shown: string | null, signal: AbortSignal): Promise<string | null> {
    presses += 1;
    await terminal.press('CycleMode');
    for (const until = performance.now() + SHOWN_WITHIN_MS; performance.now() < until;) {
      await delay(LOOK_EVERY_MS, undefined, { signal });
      const next = await look();
      if (next !== shown) return next;
    }
    return null;
  }

  function tell(by: 'keys' | 'restart'): void {
    noticed({ type: 'mode.set_back', data: { from, to: modes.configured, by } });
  }

  function giveUp(mode: string): never {
    tell('restart');
    throw new NotReadyError(`The agent stays in the permission mode ${mode}.`);
  }

  return {
    async press(seen, signal) {
      let shown = seen;
      modes.see(shown);
      const { astray, told } = modes;
      if (astray === null) return false;
      from ??= astray;
      const isVain = told !== null && told === toldBefore;
      if (!REACHED.has(modes.configured) || isVain || presses >= PRESSES_MAX) return giveUp(astray);
      toldBefore = told;
      do {
        shown = await press(shown, signal);
      } while (!modes.looksRight(shown) && presses < PRESSES_MAX);
      return true;
    },
    proven() {
      if (from !== null) tell('keys');
    },
  };
}
