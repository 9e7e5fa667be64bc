import type { Notice } from '../../../core/ports/agent.ts';
import { asksSomething, type Screen } from '../screen/screen.ts';
import type { Terminal, View } from '../screen/terminal.ts';
import { NotReadyError } from './not-ready.ts';
import { createStanding, isTyping } from './standing.ts';

export interface ObstacleParts {
  readonly terminal: Terminal;
  /** A turn that is seen now is nobody's: the agent was resumed, and no prompt has been reported since. */
  readonly isUnasked: () => boolean;
  readonly noticed: (notice: Notice) => void;
}

/** What stands between an agent and a prompt, and is taken away by keys when it belongs to nobody. */
export interface Obstacles {
  /** Keys were pressed: one that the agent takes late may open a menu. */
  readonly hasPressed: boolean;
  /** Told of each look, for what is gone has to stand anew. */
  see(screen: Screen): void;
  /** A line in the composer. @throws NotReadyError when it stays. */
  clear(composer: string): Promise<void>;
  /** @throws NotReadyError when it stays. */
  closeDialog(view: View): Promise<void>;
  /** A turn that nobody asked for. */
  endUnasked(): Promise<void>;
}

/** A person who pressed a key within this time will see to the dialog. */
const ATTENDED_MS = 60_000;
/** A start and a change of screens pass within this time; what stands longer is a dialog. */
const DIALOG_AFTER_MS = 1_500;
const DIALOG_MAX_MS = 30_000;
/** A turn that just ended is drawn as running for a moment. */
const UNASKED_AFTER_MS = 2_000;
const CLEARS_MAX = 8;
/** Two more Escapes on a composer that is empty by then would open a menu. */
const CLEAR_EVERY_MS = 500;

export function createObstacles({ terminal, isUnasked, noticed }: ObstacleParts): Obstacles {
  let hasPressed = false;
  let clears = 0;
  let clearedAt = -Infinity;
  const dialog = createStanding();
  const unasked = createStanding();

  async function press(...keys: readonly 'Escape'[]): Promise<void> {
    hasPressed = true;
    await terminal.press(...keys);
  }

  return {
    get hasPressed() {
      return hasPressed;
    },
    see({ kind }) {
      if (kind !== 'other') dialog.over();
      if (kind !== 'working' || !isUnasked()) unasked.over();
    },
    async clear(composer) {
      if (performance.now() - clearedAt < CLEAR_EVERY_MS) return;
      if (clears === 0) noticed({ type: 'composer.cleared', data: { characters: composer.length } });
      if (clears >= CLEARS_MAX) throw new NotReadyError('The agent’s composer cannot be cleared.');
      clears += 1;
      clearedAt = performance.now();
      await press('Escape', 'Escape');
    },
    async closeDialog(view) {
      // In a person's own turn: theirs to answer, however long it takes.
      if (asksSomething(view.screen) && !isUnasked()) return dialog.over();
      if (isTyping(view, ATTENDED_MS)) return dialog.over();
      if (dialog.stands() > DIALOG_MAX_MS) throw new NotReadyError(toWords(view.screen));
      // The first closes it, or asks for a second one: a line in shell mode.
      if (dialog.dueAfter(DIALOG_AFTER_MS)) await press('Escape', 'Escape');
    },
    async endUnasked() {
      if (!unasked.dueAfter(UNASKED_AFTER_MS)) return;
      noticed({ type: 'turn.unasked', data: {} });
      await press('Escape');
    },
  };
}

function toWords(screen: Screen): string {
  const isDialog = screen.kind === 'other' && (screen.shown !== null || screen.menu !== null);
  return isDialog ? 'A dialog stands on the agent’s screen.' : UNSEEN;
}

const UNSEEN =
  'The agent’s composer is not in sight: a dialog stands there, or `statusLine` in a settings.json draws too many lines.';
