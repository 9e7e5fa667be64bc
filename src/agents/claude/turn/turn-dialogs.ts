import type { ApprovalAsk, TurnObserver } from '../../../core/ports/agent.ts';
import type { Log } from '../../../core/ports/log.ts';
import { settleDialog } from '../dialogs/settle-dialog.ts';
import { shownIn } from '../dialogs/shown-answer.ts';
import { toShownAsk } from '../dialogs/shown-ask.ts';
import { isSameDialog, type ShownDialog } from '../screen/shown-dialog.ts';
import type { Terminal, View } from '../screen/terminal.ts';
import { createStanding } from '../submission/standing.ts';

/** The dialogs of one turn that no agent hook told of. */
export interface TurnDialogs {
  /** One is asked about. */
  readonly isOpen: boolean;
  /** Those that an earlier process asked about. */
  restore(asks: readonly ApprovalAsk[]): void;
  /** What stands on the screen while the turn runs, and nobody attends to it. */
  look(view: View): void;
  /** The turn is over, or another process goes on with it. */
  close(): void;
}

export interface TurnDialogParts {
  readonly terminal: Terminal;
  readonly observer: Pick<TurnObserver, 'asked'>;
  readonly log: Log;
  /** Nobody decided in time. */
  readonly lapsed: (dialog: ShownDialog) => void;
}

/** A change of screens, and the word of an agent hook, pass within this time. */
const STANDS_MS = 3_000;

export function createTurnDialogs({ terminal, observer, log, lapsed }: TurnDialogParts): TurnDialogs {
  const over = new AbortController();
  const standing = createStanding();
  let seen: ShownDialog | null = null;
  let isOpen = false;
  let earlier: readonly ApprovalAsk[] = [];

  function open(dialog: ShownDialog, ask: ApprovalAsk): void {
    isOpen = true;
    const parts = { terminal, asked: observer.asked, log, signal: over.signal };
    void settleDialog(parts, dialog, ask)
      .catch((error: unknown) => {
        if (over.signal.aborted) return 'answered';
        log.error({ dialog: dialog.title, error: String(error) }, 'approval.not_asked');
        return 'lapsed';
      })
      .then((end) => {
        isOpen = false;
        standing.over();
        if (end === 'lapsed') lapsed(dialog);
      });
  }

  /** What an earlier process asked about stands still, or was answered since. */
  function rejoin(shown: ShownDialog | null): boolean {
    const [ask, ...others] = earlier;
    if (ask === undefined) return false;
    earlier = [];
    const gone = shown !== null && isAbout(ask, shown) ? others : [ask, ...others];
    for (const one of gone) void observer.asked(one, Promise.resolve({ allowed: true, by: 'agent' }));
    if (gone !== others || shown === null) return false;
    open(shown, ask);
    return true;
  }

  return {
    get isOpen() {
      return isOpen;
    },
    restore: (asks) => void (earlier = asks),
    look(view) {
      const shown = shownIn(view);
      if (isOpen || rejoin(shown)) return;
      const isAsking = view.screen.kind === 'other' && view.screen.isAsking;
      if (shown === null || !isAsking || seen === null || !isSameDialog(seen, shown)) standing.over();
      seen = shown;
      if (shown !== null && isAsking && standing.stands() >= STANDS_MS) open(shown, toShownAsk(shown));
    },
    close: () => over.abort(),
  };
}

function isAbout({ input }: ApprovalAsk, { title }: ShownDialog): boolean {
  return String(input['text']).startsWith(title);
}
