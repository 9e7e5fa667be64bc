import { setTimeout as delay } from 'node:timers/promises';
import { asksSomething } from '../screen/screen.ts';
import type { Terminal } from '../screen/terminal.ts';

export interface SleepParts {
  readonly terminal: Terminal;
  /** A turn of ours, or work in the background. */
  readonly isBusy: () => boolean;
  /** A prompt was reported, and no end of its turn: it runs, or somebody stopped it early. */
  readonly isPrompted: () => boolean;
}

const LOOK_EVERY_MS = 20;
/** The end of a turn is drawn some 25 ms after the agent has told it, and so is its begin. */
const DRAWN_WITHIN_MS = 500;

/** Whether nobody needs the agent: nobody is attached, no turn runs, no permission prompt or question stands. */
export async function maySleep({ terminal, isBusy, isPrompted }: SleepParts): Promise<boolean> {
  for (const until = performance.now() + DRAWN_WITHIN_MS; ; await delay(LOOK_EVERY_MS)) {
    const view = await terminal.look();
    if (isBusy()) return false;
    // Its program has ended.
    if (view === null) return true;
    // Work that was begun before this gateway is known from the screen alone.
    if (view.typedAgoMs !== null || view.showsTasks) return false;
    const { screen } = view;
    const isDrawn = performance.now() > until;
    switch (screen.kind) {
      case 'idle':
        if (isDrawn || !isPrompted()) return true;
        break;
      case 'working':
        if (isDrawn) return false;
        break;
      case 'other':
        // A menu that somebody left needs nobody; behind it a turn may run.
        return !asksSomething(screen) && !isPrompted();
    }
  }
}
