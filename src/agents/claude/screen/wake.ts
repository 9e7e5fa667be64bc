import { setTimeout as delay } from 'node:timers/promises';
import { readState, type ProcessMark } from '../../processes/process-mark.ts';
import type { SendSignal } from '../../processes/signals.ts';
import type { Look } from '../../tmux/look.ts';
import { readScreen } from './screen.ts';

export interface WakerParts {
  /** The program; null when it is not known. */
  readonly agent: ProcessMark | null;
  /** It was started just now, and has not hidden the cursor yet. */
  readonly isStarting: boolean;
  readonly sendSignal: SendSignal;
  readonly look: () => Promise<Look | null>;
  /** Told when it was stopped and goes on. */
  readonly onContinued: () => void;
}

/** Continues a program that somebody stopped: what is typed into it then would reach it as a line of its terminal, or
 *  whenever it goes on. Resolves with what is seen then; null when it does not go on. */
export type Wake = (seen: Look) => Promise<Look | null>;

/** A start takes so long at most. */
const STARTED_AFTER_MS = 5_000;
/** A look may fall into a change of screens. */
const SURE_AFTER_MS = 100;
const LOOK_EVERY_MS = 50;
const CONTINUED_WITHIN_MS = 1_500;

/** Ctrl-Z does not stop Claude Code, for its shell has no shell above it (the group is an orphan, and SIGTSTP does
 *  nothing): it gives its terminal back, shows the cursor that it hides all the time, and waits for SIGCONT. */
export function createWaker({ agent, isStarting, sendSignal, look, onContinued }: WakerParts): Wake {
  const since = performance.now();
  let hasBegun = !isStarting;
  /** It shows and SIGCONT changes nothing: of a person's editor, or a setting of theirs. */
  let isShownAlways = false;

  async function isStopped(seen: Look): Promise<boolean> {
    if (!seen.showsCursor) {
      hasBegun = true;
      isShownAlways = false;
    }
    hasBegun ||= performance.now() - since > STARTED_AFTER_MS;
    const mayTell = hasBegun && !isShownAlways;
    return (seen.showsCursor && (mayTell || saysSuspended(seen))) || isHalted();
  }

  const isHalted = async (): Promise<boolean> => agent !== null && (await readState(agent.pid)) === 'stopped';

  async function isStill(seen: Look | null): Promise<boolean> {
    return seen !== null && !seen.dead && isStopped(seen);
  }

  return async (seen) => {
    if (agent === null || !(await isStill(seen))) return seen;
    await delay(SURE_AFTER_MS);
    let now = await look();
    if (!(await isStill(now))) return now;
    await sendSignal(agent, 'SIGCONT');
    for (const until = performance.now() + CONTINUED_WITHIN_MS; performance.now() < until;) {
      await delay(LOOK_EVERY_MS);
      now = await look();
      if (await isStill(now)) continue;
      if (now !== null && !now.dead) onContinued();
      return now;
    }
    if (await isHalted()) return null;
    isShownAlways = true;
    return now;
  };
}

/** Its words, for a terminal on which a person's settings show the cursor all the time. */
function saysSuspended({ screen }: Look): boolean {
  const seen = readScreen(screen);
  return seen.kind === 'other' && /suspended\. Run `fg` to bring/.test(seen.lines);
}
