import { setTimeout as delay } from 'node:timers/promises';
import { toPieces, type ComposerText } from '../screen/composer.ts';
import { composerHolds } from '../screen/screen.ts';
import type { Terminal } from '../screen/terminal.ts';

export interface PasteParts {
  readonly terminal: Terminal;
  readonly text: ComposerText;
}

const SHOWN_WITHIN_MS = 3_000;
const LOOK_EVERY_MS = 20;

/** The way in where the agent has no editor of ours: in pieces so small that the CLI takes none for a long paste or for the
 *  path of a picture. True when the composer holds it, as far as can be seen. */
export async function pasteIn(
  { terminal, text }: PasteParts,
  isSteady: boolean,
  signal: AbortSignal,
): Promise<boolean> {
  for (const piece of toPieces(text)) await terminal.paste(piece);
  return isSteady || isShown({ terminal, text }, signal);
}

async function isShown({ terminal, text }: PasteParts, signal: AbortSignal): Promise<boolean> {
  const until = performance.now() + SHOWN_WITHIN_MS;
  while (performance.now() < until) {
    const view = await terminal.look();
    if (view === null) return true; // Enter will tell
    if (view.screen.kind !== 'other' && composerHolds(view.screen.composer, text.expected)) return true;
    await delay(LOOK_EVERY_MS, undefined, { signal });
  }
  return false;
}
