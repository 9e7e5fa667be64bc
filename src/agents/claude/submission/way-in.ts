import type { Notice } from '../../../core/ports/agent.ts';
import type { Door, Found } from '../door/door.ts';
import type { ComposerText } from '../screen/composer.ts';
import { pasteIn, type PasteParts } from './pasting.ts';

/** What a person had begun to type in the composer, until it is given back. */
export interface Displaced {
  line: string | null;
  /** Our text was put there in this turn: what stands there now may be both. */
  hasOurs?: boolean;
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
  if (found.kind === 'filled') {
    putAside(parts, found);
    parts.displaced.hasOurs = true;
  }
  // The composer was in sight a moment ago.
  if (found.kind === 'closed') door.missed();
  return found.kind === 'filled';
}

function putAside({ displaced, noticed, text }: WayInParts, { was }: Extract<Found, { kind: 'filled' }>): void {
  if (was === null) return;
  const pictures = was.isOurs ? 0 : (was.text.match(PICTURE)?.length ?? 0);
  if (!was.isOurs) {
    const line = displaced.hasOurs === true ? was.text.replace(text.expected, '').trim() : was.text;
    displaced.line = join(displaced.line, pictures === 0 ? line : line.replaceAll(PICTURE, '').trim());
  }
  noticed({ type: 'composer.cleared', data: { characters: was.text.length, ...(pictures > 0 && { pictures }) } });
}

/** What the composer shows for a picture, which cannot be given back: its words alone are. */
const PICTURE = /\[Image #\d+\] ?/g;

/** What was put aside by an earlier try is not lost. */
function join(before: string | null, line: string): string | null {
  if (line === '') return before;
  return before === null ? line : `${before}\n${line}`;
}
