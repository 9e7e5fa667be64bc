import { setTimeout as delay } from 'node:timers/promises';
import type { Notice } from '../../../core/ports/agent.ts';
import { asksSomething } from '../screen/screen.ts';
import { TerminalGoneError, type Terminal, type View } from '../screen/terminal.ts';

/** The agent cannot be given a prompt; nothing was submitted. */
export class NotReadyError extends Error {
  override readonly name = 'NotReadyError';
}

export interface ReadyParts {
  readonly terminal: Terminal;
  /** The agent changes to another conversation at this moment. */
  readonly isMoving: () => boolean;
  /** A turn that is seen now is nobody's: the agent was resumed, and no prompt has been reported since. */
  readonly isUnasked: () => boolean;
  /** The agent told the end of our turn a moment ago, and nothing but us can have begun another one. */
  readonly isSettling: () => boolean;
  readonly noticed: (notice: Notice) => void;
}

/** A person who pressed a key within this time is typing. */
const TYPING_MS = 10_000;
/** A person who pressed a key within this time will see to the dialog. */
const ATTENDED_MS = 60_000;
/** A start and a change of screens pass within this time; what stands longer is a dialog. */
const DIALOG_AFTER_MS = 1_500;
const DIALOG_MAX_MS = 30_000;
/** A turn that just ended is drawn as running for a moment. */
const UNASKED_AFTER_MS = 2_000;
const ESCAPE_EVERY_MS = 1_000;
const CLEARS_MAX = 8;
/** Two more Escapes on a composer that is empty by then would open a menu. */
const CLEAR_EVERY_MS = 500;
/** Between looks. The end of a turn is drawn some 25 ms after the agent has told it. */
const PAUSES_MS = [20, 6, 8, 10, 15, 25, 40, 60, 100, 150, 250];

/** Resolves when the composer is provably empty and no turn runs, no dialog stands. A person's turn and a
 *  person's typing are waited for; a line that nobody is typing is cleared, a dialog that nobody attends is closed.
 *  True when keys were pressed for that: one that the agent takes late may open a menu.
 *  @throws NotReadyError when the agent does not get there. Rejects when the signal aborts. */
export async function untilReady(parts: ReadyParts, signal: AbortSignal): Promise<boolean> {
  const { terminal, noticed } = parts;
  let hasPressed = false;
  let clears = 0;
  let clearedAt = -Infinity;
  const dialog = createStanding();
  const unasked = createStanding();

  async function press(...keys: readonly 'Escape'[]): Promise<void> {
    hasPressed = true;
    await terminal.press(...keys);
  }

  async function clear(composer: string): Promise<void> {
    if (performance.now() - clearedAt < CLEAR_EVERY_MS) return;
    if (clears === 0) noticed({ type: 'composer.cleared', data: { characters: composer.length } });
    if (clears >= CLEARS_MAX) throw new NotReadyError('The agent’s composer cannot be cleared.');
    clears += 1;
    clearedAt = performance.now();
    await press('Escape', 'Escape');
  }

  async function closeDialog(view: View): Promise<void> {
    // In a person's own turn: theirs to answer, however long it takes.
    if (asksSomething(view.screen) && !parts.isUnasked()) return dialog.over();
    if (isTyping(view, ATTENDED_MS)) return dialog.over();
    if (dialog.stands() > DIALOG_MAX_MS) throw new NotReadyError('A dialog stands on the agent’s screen.');
    // The first closes it, or asks for a second one: a line in shell mode.
    if (dialog.dueAfter(DIALOG_AFTER_MS)) await press('Escape', 'Escape');
  }

  async function endUnasked(): Promise<void> {
    if (!unasked.dueAfter(UNASKED_AFTER_MS)) return;
    noticed({ type: 'turn.unasked', data: {} });
    await press('Escape');
  }

  for (let looks = 0; ; looks += 1) {
    signal.throwIfAborted();
    const view = await terminal.look();
    if (view === null) throw new TerminalGoneError('The agent’s program has ended.');
    const { screen } = view;
    if (screen.kind !== 'other') dialog.over();
    if (screen.kind !== 'working' || !parts.isUnasked()) unasked.over();
    switch (screen.kind) {
      case 'idle':
        if (screen.composer === '' && !parts.isMoving()) return hasPressed;
        if (screen.composer !== '' && !isTyping(view, TYPING_MS)) await clear(screen.composer);
        break;
      case 'working':
        // The end is told; that it is still being drawn makes no turn of it.
        if (screen.composer === '' && view.typedAgoMs === null && parts.isSettling()) return hasPressed;
        if (parts.isUnasked()) await endUnasked();
        break;
      case 'other':
        await closeDialog(view);
        break;
    }
    await delay(PAUSES_MS[looks] ?? PAUSES_MS.at(-1), undefined, { signal });
  }
}

export function isTyping({ typedAgoMs }: View, withinMs: number): boolean {
  return typedAgoMs !== null && typedAgoMs < withinMs;
}

/** How long something has been seen without a break, and when it is time to press a key against it. */
export interface Standing {
  stands(): number;
  dueAfter(ms: number): boolean;
  over(): void;
}

export function createStanding(): Standing {
  let since: number | null = null;
  let pressedAt = 0;
  const stands = (): number => performance.now() - (since ??= performance.now());
  return {
    stands,
    dueAfter(ms) {
      const due = stands() >= ms && performance.now() - pressedAt >= ESCAPE_EVERY_MS;
      if (due) pressedAt = performance.now();
      return due;
    },
    over: () => void (since = null),
  };
}
