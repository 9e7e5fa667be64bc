import { AgentStartError, type StartListener } from '../../../core/ports/agent.ts';
import type { Log } from '../../../core/ports/log.ts';
import { shownIn } from '../dialogs/shown-answer.ts';
import { toShownAsk } from '../dialogs/shown-ask.ts';
import { settleDialog } from '../dialogs/settle-dialog.ts';
import type { StartParts } from '../../program/launch/start.ts';
import { isSameDialog, type ShownDialog } from '../screen/shown-dialog.ts';
import type { Terminal } from '../screen/terminal.ts';

/** The program stands at a dialog of its first run. */
export class FirstRunDialogError extends AgentStartError {
  constructor(screen: string) {
    super('agent_unavailable', `The agent asks something before it starts. Its screen:\n${screen}`);
  }
}

export interface StartDialogParts {
  readonly terminal: Terminal;
  readonly asked: StartListener['asked'];
  /** What the home answers beforehand is asked, too: another start may do without. */
  readonly isLastTry: boolean;
  readonly log: Log;
}

const STANDS_LOOKS = 2;
const FIRST_RUN = /trust this folder|custom API key|text style|Select login method|Bypass Permissions mode/i;

/** What stands before an agent that starts becomes an approval, as soon as two looks have shown it. */
export function attendStartDialogs(parts: StartDialogParts): StartParts<unknown>['attendDialog'] {
  const { terminal, asked, isLastTry, log } = parts;
  let seen: ShownDialog | null = null;
  let looks = 0;

  async function settle(dialog: ShownDialog, signal: AbortSignal): Promise<void> {
    if (FIRST_RUN.test(dialog.text) && !isLastTry) throw new FirstRunDialogError(dialog.text);
    if (asked === undefined) throw new FirstRunDialogError(dialog.text);
    const end = await settleDialog({ terminal, asked, log, signal }, dialog, toShownAsk(dialog)).catch(
      (error: unknown) => {
        if (signal.aborted) return null;
        log.warn({ dialog: dialog.title, error: String(error) }, 'approval.not_asked');
        throw toUnanswered(dialog);
      },
    );
    if (end === 'lapsed') throw toUnanswered(dialog);
  }

  return async (signal) => {
    const shown = shownIn(await terminal.look().catch(() => null));
    looks = shown !== null && seen !== null && isSameDialog(shown, seen) ? looks + 1 : 1;
    seen = shown;
    if (shown === null || looks < STANDS_LOOKS) return false;
    seen = null;
    await settle(shown, signal);
    return true;
  };
}

function toUnanswered({ text }: ShownDialog): AgentStartError {
  const what = 'A dialog stands before the agent has started, and nobody answered it in time.';
  const how = 'Answer its approval when it is asked again, or start claude once in that folder.';
  return new AgentStartError('agent_unavailable', `${what} ${how} It says:\n${text}`);
}
