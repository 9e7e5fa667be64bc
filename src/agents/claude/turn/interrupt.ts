import { setTimeout as delay } from 'node:timers/promises';
import { composerHolds } from '../screen/screen.ts';
import type { SupervisionParts } from './supervise.ts';
import type { TurnState } from '../watch/turn-course.ts';

const LOOK_EVERY_MS = 50;
const ESCAPE_EVERY_MS = 1_000;
const MAX_MS = 5_000;

/** Stops a turn that is marked as `stopping`; `was` is where it stood before. True when the agent provably no
 *  longer works on it and can take the next prompt; false when it must be ended for that. */
export async function interrupt(parts: SupervisionParts, was: TurnState): Promise<boolean> {
  switch (was) {
    case 'preparing':
    case 'pasted':
    case 'stopping':
    case 'ended':
      return true;
    case 'entered':
      return (await parts.readTranscript()).kind === 'absent' ? untilRefused(parts) : escape(parts);
    case 'working':
    case 'ending':
      return escape(parts);
    case 'background':
      return false;
  }
}

/** Enter was pressed and not reported: the report is refused when it comes. */
async function untilRefused({ watch, terminal, text, isRefusalNoted }: SupervisionParts): Promise<boolean> {
  let refused = false;
  void watch.refused.then(() => (refused = true));
  let holding = 0;
  for (const until = performance.now() + MAX_MS; performance.now() < until;) {
    await delay(LOOK_EVERY_MS);
    // Until it has dealt with the answer, it may still empty its composer.
    if (refused && (await isRefusalNoted())) return true;
    const view = await terminal.look().catch(() => null);
    if (view === null) return false;
    const { screen } = view;
    const isSettled = screen.kind === 'idle' || (watch.isBehind() && screen.kind === 'working');
    holding = isSettled && composerHolds(screen.composer, text.expected) ? holding + 1 : 0;
    // Enter was swallowed, or came into another turn and what it sent is back.
    if (holding * LOOK_EVERY_MS >= 1_000) return true;
  }
  return false;
}

/** An idle screen alone proves nothing, for a turn that just began looks like that too: the prompt is put back
 *  into the composer, or the transcript says that it was interrupted, or the agent tells its end. */
async function escape({ watch, terminal, readTranscript }: SupervisionParts): Promise<boolean> {
  let escapedAt = -Infinity;
  for (const until = performance.now() + MAX_MS; performance.now() < until;) {
    if (watch.state === 'ended' || watch.isOvertaken) return true;
    if (performance.now() - escapedAt >= ESCAPE_EVERY_MS) {
      await terminal.press('Escape').catch(() => {});
      escapedAt = performance.now();
    }
    await delay(LOOK_EVERY_MS);
    const view = await terminal.look().catch(() => null);
    if (view === null) return false;
    if (view.screen.kind !== 'idle') continue;
    if (view.screen.composer !== '') return true;
    const found = await readTranscript();
    if (found.kind !== 'absent' && found.kind !== 'begun') return true;
  }
  return false;
}
