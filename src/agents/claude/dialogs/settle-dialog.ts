import type { Decision } from '../../../core/model/approval.ts';
import type { ApprovalAsk, Settlement, TurnObserver } from '../../../core/ports/agent.ts';
import type { Log } from '../../../core/ports/log.ts';
import { settlesWithin } from '../../../lib/settles-within.ts';
import type { ShownDialog } from '../screen/shown-dialog.ts';
import { isSince } from '../screen/key-times.ts';
import { DialogGoneError } from './dialog-keys.ts';
import { answerShown, stands, type ShownParts } from './shown-answer.ts';

export interface SettleParts extends ShownParts {
  readonly asked: TurnObserver['asked'];
  readonly log: Log;
}

/** `answered` by a decision, or at the terminal. `denied`: by a decision. `lapsed`: nobody decided in time, and it stands. */
export type DialogEnd = 'answered' | 'denied' | 'lapsed';

const LOOK_EVERY_MS = 300;
const GONE_LOOKS = 2;

/** Asks what to do with a dialog that stands, and waits until it is answered, by a decision or at the terminal.
 *  Rejects when there is nobody to ask, and when the signal aborts. */
export async function settleDialog(parts: SettleParts, dialog: ShownDialog, ask: ApprovalAsk): Promise<DialogEnd> {
  const { terminal, signal } = parts;
  const settled = Promise.withResolvers<Settlement>();
  const since = Date.now();
  let decision: Decision | null = null;
  const asking = parts.asked(ask, settled.promise).then((decided) => void (decision = decided));
  // Told by whoever waits for it below.
  asking.catch(() => {});
  const end = (how: DialogEnd, settlement: Settlement): DialogEnd => {
    settled.resolve(settlement);
    return how;
  };
  for (let gone = 0; ;) {
    await (decision === null
      ? settlesWithin(asking, LOOK_EVERY_MS, signal)
      : settlesWithin(NEVER, LOOK_EVERY_MS, signal));
    signal.throwIfAborted();
    gone = stands(await terminal.look(), dialog) ? 0 : gone + 1;
    if (gone >= GONE_LOOKS) return end('answered', { allowed: true, by: await whoseKeys(terminal, since) });
    if (gone > 0 || decision === null) continue;
    const given: Decision = decision;
    if (given.lapsed === true) return end('lapsed', { allowed: false, by: 'decision' });
    if (await give(parts, dialog, given))
      return end(given.allow ? 'answered' : 'denied', { allowed: given.allow, by: 'decision' });
  }
}

/** Keys at a dialog are a person's only if one pressed some since it stands there. */
async function whoseKeys(terminal: ShownParts['terminal'], since: number): Promise<Settlement['by']> {
  return isSince(await terminal.lastKeyAt(), since) ? 'terminal' : 'agent';
}

const NEVER: Promise<never> = new Promise(() => {});

/** While people's keys are kept away. False: it is looked at again. */
async function give(parts: SettleParts, dialog: ShownDialog, decision: Decision): Promise<boolean> {
  const { terminal, log } = parts;
  try {
    await terminal.alone(() => answerShown(parts, dialog, decision));
    return true;
  } catch (error) {
    if (!(error instanceof DialogGoneError)) throw error;
    log.warn({ dialog: dialog.title, error: error.message }, 'approval.not_given');
    return false;
  }
}
