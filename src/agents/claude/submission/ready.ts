import { setTimeout as delay } from 'node:timers/promises';
import type { Door } from '../door/door.ts';
import { TerminalGoneError, type View } from '../screen/terminal.ts';
import { createObstacles, type ObstacleParts } from './obstacles.ts';
import { createStanding, isTyping } from './standing.ts';

export interface ReadyParts extends ObstacleParts {
  /** The agent changes to another conversation at this moment. */
  readonly isMoving: () => boolean;
  /** What stands in the composer can be put aside and given back. */
  readonly door: Door;
  /** A prompt was reported, and no end of its turn: the agent works on it, or somebody stopped it early. */
  readonly isPrompted: () => boolean;
  /** The agent told the end of our turn a moment ago, and nothing but us can have begun another one. */
  readonly isSettling: () => boolean;
}

export interface Ready {
  /** Keys were pressed for it: one that the agent takes late may open a menu. */
  readonly hasPressed: boolean;
  /** Nobody is typing: what stands in the composer may be put aside. */
  readonly mayReplace: boolean;
  /** The permission mode that the screen showed. */
  readonly mode: string | null;
}

/** A person who pressed a key within this time is typing. */
const TYPING_MS = 10_000;
/** An agent that is prompted says within this time that it works. */
const SAID_WITHIN_MS = 1_000;
/** Between looks. An agent says some 0.1 s after the end of a turn that it is idle. */
const PAUSES_MS = [20, 6, 8, 10, 15, 25, 40, 60, 100, 150, 250];

/** Resolves when the composer takes input and no turn runs, no dialog stands. A person's turn and a person's typing are
 *  waited for; a line that nobody is typing is left for the door, or cleared where there is none; a dialog that nobody
 *  attends is closed.
 *  @throws NotReadyError when the agent does not get there. Rejects when the signal aborts. */
export async function untilReady(parts: ReadyParts, signal: AbortSignal): Promise<Ready> {
  const obstacles = createObstacles(parts);
  const idle = createStanding();
  for (let looks = 0; ; looks += 1) {
    signal.throwIfAborted();
    const view = await parts.terminal.look();
    if (view === null) throw new TerminalGoneError('The agent’s program has ended.');
    const { screen } = view;
    const mayReplace = !isTyping(view, TYPING_MS);
    const toReady = (): Ready => ({ hasPressed: obstacles.hasPressed, mayReplace, mode: view.mode });
    obstacles.see(screen);
    if (screen.kind !== 'idle') idle.over();
    switch (screen.kind) {
      case 'idle':
        if (parts.isPrompted() && idle.stands() < SAID_WITHIN_MS) break;
        if (!parts.isMoving() && (screen.composer === '' || (mayReplace && parts.door.isThere))) return toReady();
        if (screen.composer !== '' && mayReplace) await obstacles.clear(screen.composer);
        break;
      case 'working':
        // The end is told; that the agent has not said yet that it is idle makes no turn of it.
        if (isLeft(view) && parts.isSettling()) return toReady();
        if (parts.isUnasked()) await obstacles.endUnasked();
        break;
      case 'other':
        await obstacles.closeDialog(view);
        break;
    }
    await delay(PAUSES_MS[looks] ?? PAUSES_MS.at(-1), undefined, { signal });
  }
}

function isLeft({ screen, typedAgoMs }: View): boolean {
  return screen.kind === 'working' && screen.composer === '' && typedAgoMs === null;
}
