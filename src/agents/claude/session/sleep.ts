import { setTimeout as delay } from 'node:timers/promises';
import { asksSomething } from '../screen/screen.ts';
import type { Terminal } from '../screen/terminal.ts';
import type { Life } from '../../program/ending/life.ts';
import type { Reports } from './reports.ts';
import type { TurnSlot } from './turn-slot.ts';

export interface SleeperParts {
  readonly terminal: Terminal;
  readonly slot: TurnSlot;
  readonly reports: Reports;
  readonly life: Life;
  /** What the agent set itself a time for, as its transcript tells: for an agent of which nobody told. */
  readonly hasSchedule: () => Promise<boolean>;
  /** A hook of somebody's settings runs that may wake the agent again. */
  readonly mayWake: () => Promise<boolean>;
}

/** Ends the agent when nobody needs it. False, and nothing done, otherwise. */
export async function sleep({ terminal, slot, reports, life, hasSchedule, mayWake }: SleeperParts): Promise<boolean> {
  const isBusy = (): boolean =>
    slot.current !== null || (reports.backgroundTasks?.size ?? 0) > 0 || (reports.scheduled?.length ?? 0) > 0;
  const isPrompted = (): boolean => reports.isPrompted;
  const isKept = async (): Promise<boolean> =>
    (reports.scheduled === null && (await hasSchedule())) || (await mayWake());
  if (!life.isClosing && !(await maySleep({ terminal, isBusy, isPrompted, isKept }))) return false;
  await life.close();
  return true;
}

export interface SleepParts {
  readonly terminal: Terminal;
  /** A turn of ours, work in the background, or a time that the agent has set. */
  readonly isBusy: () => boolean;
  /** A prompt was reported, and no end of its turn: it runs, or somebody stopped it early. */
  readonly isPrompted: () => boolean;
  /** It waits for a time that it set before this gateway, or for a hook. */
  readonly isKept: () => Promise<boolean>;
}

const LOOK_EVERY_MS = 20;
/** An agent says some 0.1 s late what it does; on a busy machine up to 0.7 s. */
const SAID_WITHIN_MS = 2_000;

/** Whether nobody needs the agent: nobody is attached, no turn runs, no permission prompt or question stands, nothing wakes
 *  it. */
export async function maySleep(parts: SleepParts): Promise<boolean> {
  return (await isUnneeded(parts)) && !(await parts.isKept()) && !parts.isBusy();
}

async function isUnneeded({ terminal, isBusy, isPrompted }: SleepParts): Promise<boolean> {
  for (const until = performance.now() + SAID_WITHIN_MS; ; await delay(LOOK_EVERY_MS)) {
    const view = await terminal.look();
    if (isBusy()) return false;
    // Its program has ended.
    if (view === null) return true;
    if (view.typedAgoMs !== null || view.hasTasks) return false;
    const { screen } = view;
    const isSaid = performance.now() > until;
    switch (screen.kind) {
      case 'idle':
        if (isSaid || !isPrompted()) return true;
        break;
      case 'working':
        if (isSaid) return false;
        break;
      case 'other':
        // A menu that somebody left needs nobody; behind it a turn may run.
        if (asksSomething(screen)) return false;
        if (!isPrompted()) return true;
        if (isSaid) return false;
        break;
    }
  }
}
