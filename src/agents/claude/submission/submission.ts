import type { TurnObserver } from '../../../core/ports/agent.ts';
import { TerminalGoneError } from '../screen/terminal.ts';
import type { TurnWatch } from '../watch/turn-watch.ts';
import type { ProveEarshot } from './earshot.ts';
import { NotReadyError } from './not-ready.ts';
import { untilReady, type Ready, type ReadyParts } from './ready.ts';
import type { SetBack } from './set-back.ts';
import { putIn, type WayInParts } from './way-in.ts';

export interface SubmissionParts extends ReadyParts, WayInParts {
  readonly watch: TurnWatch;
  readonly observer: TurnObserver;
  /** Puts it into the permission mode in which the prompt is to run. */
  readonly setBack: Pick<SetBack, 'press'>;
  readonly proveEarshot: ProveEarshot;
  /** Bytes of the transcript at this moment. */
  readonly transcriptEnd: () => Promise<number>;
}

const TRIES = 5;

/** From an idle agent to the press of Enter. Returns early, without it, when the signal aborts.
 *  @throws NotReadyError, TerminalGoneError: nothing was submitted. */
export async function submit(parts: SubmissionParts, signal: AbortSignal): Promise<void> {
  const { terminal, watch, observer } = parts;
  for (let attempt = 1; attempt <= TRIES; attempt += 1) {
    const ready = await untilInMode(parts, signal);
    // Only now: it may have waited for a person, and what silences it have come meanwhile.
    const [offset] = await Promise.all([parts.transcriptEnd(), parts.proveEarshot()]);
    await observer.prepared(offset);
    if (signal.aborted) return;
    watch.pasting();
    const isSteady = !parts.isUnsteady && !ready.hasPressed && attempt === 1;
    if (!(await putIn(parts, { mayReplace: ready.mayReplace, isSteady }, signal))) continue;
    await observer.submitting();
    if (signal.aborted) return;
    // A person was faster with Enter: what stands in the composer now, nobody knows.
    if (watch.isDisturbed()) continue;
    watch.entering();
    await terminal.press('Submit').catch((error: unknown) => {
      // Without an answer it may be pressed all the same: whoever supervises the turn finds out.
      if (error instanceof TerminalGoneError) throw error;
    });
    return;
  }
  throw new NotReadyError('The agent’s composer does not keep what is put into it.');
}

/** An idle agent, in its permission mode. */
async function untilInMode(parts: SubmissionParts, signal: AbortSignal): Promise<Ready> {
  const ready = await untilReady(parts, signal);
  return (await parts.setBack.press(ready.mode, signal)) ? untilReady(parts, signal) : ready;
}
