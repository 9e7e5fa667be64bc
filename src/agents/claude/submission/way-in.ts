import type { Notice } from '../../../core/ports/agent.ts';
import type { Door, Found } from '../door/door.ts';
import type { ComposerText } from '../screen/composer.ts';
import { pasteIn, type PasteParts } from './pasting.ts';

/** What a person had begun to type in the composer, until it is given back. */
export interface Displaced {
  line: string | null;
}

export interface WayInParts extends PasteParts {
  readonly door: Door;
  readonly text: ComposerText;
  readonly displaced: Displaced;
  readonly noticed: (notice: Notice) => void;
  /** The agent has just started or was interrupted: it may lose what is pasted at that very moment. */
  readonly isUnsteady: boolean;
}

/** How the agent was found. */
export interface Way {
  /** Nobody is typing: what stands in the composer may be put aside. */
  readonly mayReplace: boolean;
  /** What is pasted is surely taken. */
  readonly isSteady: boolean;
}

/** Puts the prompt into the composer. True when it holds exactly that, and has the keys. */
export async function putIn(parts: WayInParts, way: Way, signal: AbortSignal): Promise<boolean> {
  const { door, text } = parts;
  if (!door.isThere) return pasteIn(parts, way.isSteady, signal);
  const found = way.mayReplace ? await door.replace(text.text) : await door.fill(text.text);
  if (found.kind === 'filled') putAside(parts, found);
  // The composer was in sight a moment ago.
  if (found.kind === 'closed') door.missed();
  return found.kind === 'filled';
}

function putAside({ displaced, noticed }: WayInParts, { was }: Extract<Found, { kind: 'filled' }>): void {
  if (was === null) return;
  if (!was.isOurs) displaced.line = was.text;
  noticed({ type: 'composer.cleared', data: { characters: was.text.length } });
}
