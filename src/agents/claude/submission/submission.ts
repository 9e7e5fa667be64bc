import { setTimeout as delay } from 'node:timers/promises';
import type { TurnObserver } from '../../../core/ports/agent.ts';
import type { ComposerText } from '../screen/composer.ts';
import { NotReadyError } from './not-ready.ts';
import { untilReady, type ReadyParts } from './ready.ts';
import { composerHolds } from '../screen/screen.ts';
import { TerminalGoneError } from '../screen/terminal.ts';
import type { TurnWatch } from '../watch/turn-watch.ts';

export interface SubmissionParts extends ReadyParts {
  readonly watch: TurnWatch;
  readonly text: ComposerText;
  readonly observer: TurnObserver;
  /** Bytes of the transcript at this moment. */
  readonly transcriptEnd: () => Promise<number>;
  /** The agent has just started or was interrupted: it may lose what is pasted at that very moment. */
  readonly isUnsteady: boolean;
}

const TRIES = 5;
const SHOWN_WITHIN_MS = 3_000;
const LOOK_EVERY_MS = 20;

/** From an idle agent to the press of Enter. Returns early, without it, when the signal aborts.
 *  @throws NotReadyError, TerminalGoneError: nothing was submitted. */
export async function submit(parts: SubmissionParts, signal: AbortSignal): Promise<void> {
  const { terminal, watch, observer } = parts;
  for (let attempt = 1; attempt <= TRIES; attempt += 1) {
    const hasPressed = await untilReady(parts, signal);
    await observer.prepared(await parts.transcriptEnd());
    if (signal.aborted) return;
    watch.pasting();
    await terminal.paste(parts.text.paste);
    const isSteady = !parts.isUnsteady && !hasPressed && attempt === 1;
    if (!isSteady && !(await isShown(parts, signal))) continue;
    await observer.submitting();
    if (signal.aborted) return;
    // A person was faster with Enter: what stands in the composer now, nobody knows.
    if (watch.isDisturbed()) continue;
    watch.entering();
    await terminal.press('Enter').catch((error: unknown) => {
      // Without an answer it may be pressed all the same: whoever supervises the turn finds out.
      if (error instanceof TerminalGoneError) throw error;
    });
    return;
  }
  throw new NotReadyError('The agent’s composer does not keep what is pasted into it.');
}

async function isShown({ terminal, text }: SubmissionParts, signal: AbortSignal): Promise<boolean> {
  const until = performance.now() + SHOWN_WITHIN_MS;
  while (performance.now() < until) {
    const view = await terminal.look();
    if (view === null) return true; // Enter will tell
    if (view.screen.kind !== 'other' && composerHolds(view.screen.composer, text.expected)) return true;
    await delay(LOOK_EVERY_MS, undefined, { signal });
  }
  return false;
}
