import { settlesWithin } from '../../../lib/settles-within.ts';
import type { TranscriptFinding } from '../transcript/transcript.ts';
import type { TurnWatch } from '../watch/turn-watch.ts';

export interface EndingParts {
  readonly watch: Pick<TurnWatch, 'state' | 'end' | 'stands' | 'rests'>;
  /** Whether anybody else hears of a Stop, and may hold the agent back. */
  readonly mayHold: () => Promise<boolean>;
  /** Whether a hook of the turn still runs that may wake the agent again. */
  readonly mayBeWoken: () => Promise<boolean>;
  /** What the transcript says of the turn by now. */
  readonly readTranscript: () => Promise<TranscriptFinding>;
  /** The agent says that it does nothing. */
  readonly isIdle: () => Promise<boolean>;
  /** Aborts when nobody watches the agent any more. */
  readonly released: AbortSignal;
}

/** How it was found out that a turn is over: `told` by the agent alone, or `noted` by the CLI when it was through with
 *  everybody's hooks. `not`: it goes on, or something else ended it. */
export type Ending = 'told' | 'noted' | 'not';

/** Between two looks at the transcript, which lags some 0.1 s behind. */
const PAUSES_MS = [20, 20, 30, 30, 40, 50, 60, 80, 100, 150, 250];
const LATER_MS = 500;
/** An agent that has been idle for so long is through. */
const IDLE_MS = 1_500;
/** One that has gone on for so long was held back. */
const MOVED_MS = 1_500;

/** Waits until the end that a turn has told stands, or is taken back: another hook may hold the agent back, in the same
 *  turn, and until they have all answered nobody knows. One that is being stopped is over at once or not at all: what
 *  another hook may still do with it is cut off. */
export async function followEnding(parts: EndingParts): Promise<Ending> {
  const { watch, released } = parts;
  if (!(await parts.mayHold().catch(() => true))) {
    if (watch.state !== 'ending' && watch.state !== 'stopping') return 'not';
    if (!(await parts.mayBeWoken())) {
      watch.stands();
      return 'told';
    }
  }
  let idleSince = Infinity;
  let movedSince = Infinity;
  for (let look = 0; !released.aborted; look += 1) {
    await settlesWithin(watch.end, PAUSES_MS[look] ?? LATER_MS, released);
    if (watch.state !== 'ending' && watch.state !== 'working') return 'not';
    const found = await parts.readTranscript();
    if (found.kind === 'ended' && !(await parts.mayBeWoken())) {
      watch.stands();
      return 'noted';
    }
    if (found.kind === 'resting') {
      watch.rests(found.tasks, found.wakeUps);
      return 'noted';
    }
    const now = performance.now();
    movedSince = watch.state === 'working' ? Math.min(movedSince, now) : Infinity;
    idleSince = watch.state === 'ending' && (await isThrough(parts)) ? Math.min(idleSince, now) : Infinity;
    if (now - movedSince > MOVED_MS) return 'not';
    if (now - idleSince > IDLE_MS) watch.stands();
  }
  return 'not';
}

async function isThrough({ isIdle, mayBeWoken }: EndingParts): Promise<boolean> {
  return (await isIdle()) && !(await mayBeWoken());
}
