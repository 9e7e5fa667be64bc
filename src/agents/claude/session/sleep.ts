import { setTimeout as delay } from 'node:timers/promises';
import { asksSomething } from '../screen/screen.ts';
import type { Terminal } from '../screen/terminal.ts';
import type { SessionLife } from './life.ts';
import type { Reports } from './reports.ts';
import type { TurnSlot } from './turn-slot.ts';

export interface SleeperParts {
  readonly terminal: Terminal;
  readonly slot: TurnSlot;
  readonly reports: Reports;
  readonly life: SessionLife;
}

/** Ends the agent when nobody needs it. False, and nothing done, otherwise. */
export async function sleep({ terminal, slot, reports, life }: SleeperParts): Promise<boolean> {
  const isBusy = (): boolean => slot.current !== null || reports.backgroundTasks.size > 0;
  const isPrompted = (): boolean => reports.isPrompted;
  if (!life.isClosing && !(await maySleep({ terminal, isBusy, isPrompted }))) return false;
  await life.close();
  return true;
}

export interface SleepParts {
  readonly terminal: Terminal;
  /** A turn of ours, or work in the background. */
  readonly isBusy: () => boolean;
  /** A prompt was reported, and no end of its turn: it runs, or somebody stopped it early. */
  readonly isPrompted: () => boolean;
}

const LOOK_EVERY_MS = 20;
/** The end of a turn is drawn some 25 ms after the agent has told it, and so is its begin; on a busy machine up to 0.7 s. */
const DRAWN_WITHIN_MS = 2_000;

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
        // No end of it was told, so it is not being drawn.
        if (isDrawn || isPrompted()) return false;
        break;
      case 'other':
        // A menu that somebody left needs nobody; behind it a turn may run.
        return !asksSomething(screen) && !isPrompted();
    }
  }
}
