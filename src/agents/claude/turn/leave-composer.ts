import type { Door } from '../door/door.ts';
import type { ComposerText } from '../screen/composer.ts';
import { isSamePrompt } from '../screen/arrived-prompt.ts';
import { composerHolds } from '../screen/screen.ts';
import type { Terminal, View } from '../screen/terminal.ts';
import type { Displaced } from '../submission/way-in.ts';

export interface ComposerParts {
  readonly terminal: Terminal;
  readonly door: Door;
  readonly text: ComposerText;
  readonly displaced: Displaced;
  /** Told of a line that could not be given back. */
  readonly lineLost?: (characters: number) => void;
}

/** A request that has ended leaves nothing of its own in the composer, for whoever presses Enter there would run it; and it
 *  gives back what a person had begun to type. `mayHoldOurs`: its prompt was not taken, or put back. What a person makes of it
 *  between the look and the deed stays. */
export async function leaveComposer(parts: ComposerParts, mayHoldOurs: boolean): Promise<void> {
  const { door, text, displaced } = parts;
  const line = displaced.line;
  displaced.line = null;
  if (!mayHoldOurs && line === null) return;
  // A look continues an agent that somebody stopped: its terminal would keep the key, and open the editor at any later time.
  const view = await parts.terminal.look();
  if (view === null) return line === null ? undefined : parts.lineLost?.(line.length);
  if (!door.isThere) return mayHoldOurs ? clearByKeys(parts, view) : undefined;
  if (mayHoldOurs) {
    const found = await door.read();
    const stands = found.kind === 'kept' ? found.was : null;
    if (stands !== null && isSamePrompt(stands.text, text.expected)) await door.exchange(stands.text, '');
  }
  if (line === null) return;
  if ((await door.giveBack(line)).kind === 'closed' && (await door.giveBack(line)).kind === 'closed')
    parts.lineLost?.(line.length);
}

/** Newer versions put a prompt that was refused back into the composer: what a person had added to ours stays there alone. */
export async function leaveRefused({ terminal, door, text }: ComposerParts, refused: string): Promise<void> {
  if (!door.isThere || (await terminal.look()) === null) return;
  const found = await door.read();
  if (found.kind !== 'kept' || found.was === null || !isSamePrompt(found.was.text, refused)) return;
  await door.exchange(found.was.text, found.was.text.replace(text.expected, '').trim());
}

/** Escape twice clears a filled composer; on an empty one it would open a menu. */
async function clearByKeys({ terminal, text }: ComposerParts, { screen }: View): Promise<void> {
  if (screen.kind === 'idle' && composerHolds(screen.composer, text.expected)) await terminal.press('Escape', 'Escape');
}
