import { randomBytes } from 'node:crypto';
import type { DoorAsk, DoorFiles, DoorWord } from '../../program/files/door-files.ts';
import { isSamePrompt } from '../screen/arrived-prompt.ts';
import type { Terminal } from '../screen/terminal.ts';

/** What was found behind the door. `closed`: the key opened nothing, so something else than the composer has the keys, or
 *  nobody could be asked. `kept`: what stands there was left as it is. */
export type Found =
  | { readonly kind: 'filled'; readonly was: Line | null }
  | { readonly kind: 'kept'; readonly was: Line | null }
  | { readonly kind: 'closed' };

/** What stood in a composer. */
export interface Line {
  readonly text: string;
  /** The gateway put it there, and nobody changed it. */
  readonly isOurs: boolean;
}

/** The way to the composer of one agent: its external editor, which reads it, fills it and proves that it has the keys. */
export interface Door {
  /** False when the agent has no such editor, or its key does something else. */
  readonly isThere: boolean;
  /** Looks, and leaves what stands there. */
  read(): Promise<Found>;
  /** Puts the text there when nothing else stands there. */
  fill(text: string): Promise<Found>;
  /** Puts a person's line there again when nothing else stands there. */
  giveBack(line: string): Promise<Found>;
  /** Puts the text there in any case. */
  replace(text: string): Promise<Found>;
  /** Puts a person's words in the place of exactly these, or nothing: what stands there by now may be something else. */
  exchange(these: string, words: string): Promise<Found>;
  /** The key did nothing while the composer was in sight. */
  missed(): void;
}

export interface DoorParts {
  readonly terminal: Pick<Terminal, 'press'>;
  readonly files: DoorFiles;
  readonly workspace: string;
}

type Wish = Pick<DoorAsk, 'mode' | 'text' | 'same'> & Partial<Pick<DoorAsk, 'isOurs'>>;

/** Most editors begin within 30 ms; the CLI may be busy with something else. */
const OPENS_WITHIN_MS = 2_000;
const MISSES_MAX = 2;

export function createDoor({ terminal, files, workspace }: DoorParts): Door {
  let misses = 0;
  let last: Promise<unknown> = Promise.resolve();

  async function open({ mode, text, same, isOurs = true }: Wish): Promise<Found> {
    const nonce = randomBytes(8).toString('hex');
    try {
      await files.ask(workspace, { nonce, mode, text, isOurs, ...(same !== undefined && { same }) });
      await terminal.press('OpenEditor');
      const word = await files.hear(workspace, { nonce, isOurs }, OPENS_WITHIN_MS);
      if (word === null) return { kind: 'closed' };
      misses = 0;
      return toFound(word);
    } catch (error) {
      // An agent of an earlier gateway has no door.
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { kind: 'closed' };
      throw error;
    }
  }

  /** One after the other: there is one key. */
  function next(wish: Wish): Promise<Found> {
    const found = last.then(() => open(wish));
    last = found.catch(() => {});
    return found;
  }

  return {
    get isThere() {
      return misses < MISSES_MAX;
    },
    read: () => next({ mode: 'leave', text: '' }),
    fill: (text) => next({ mode: 'empty', text }),
    giveBack: (text) => next({ mode: 'empty', text, isOurs: false }),
    replace: (text) => next({ mode: 'any', text }),
    exchange: (same, text) => next({ mode: 'same', text, same, isOurs: false }),
    missed: () => void (misses += 1),
  };
}

function toFound({ did, was, ours }: DoorWord): Found {
  const line = was === '' ? null : { text: was, isOurs: ours !== null && isSamePrompt(was, ours) };
  return { kind: did === 'replaced' ? 'filled' : 'kept', was: line };
}
