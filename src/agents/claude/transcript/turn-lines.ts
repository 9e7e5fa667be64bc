import { isSamePrompt } from '../screen/arrived-prompt.ts';
import { followBackground, OF_HOOK, taskOf, type Background } from './background.ts';
import { idOf, promptOf, type Entry } from './entries.ts';

/** What a line of the conversation is to a turn:
 *  `before`: its prompt was not found yet.
 *  `prompt`: its own prompt, also when it was sent again.
 *  `woken`: something that it left behind asks the agent again.
 *  `ours`: anything else of it.
 *  `foreign`: the prompt of somebody else; what follows is of that.
 *  `beside`: of somebody else. */
export type LineKind = 'before' | 'prompt' | 'woken' | 'ours' | 'foreign' | 'beside';

/** Tells line by line which of a conversation are of one turn: those of its prompt, and of what it left behind. */
export interface TurnLines {
  readonly background: Background;
  /** Under which prompts it ran. */
  readonly promptIds: ReadonlySet<string | null>;
  take(entry: Entry): LineKind;
  /** Its end is noted: an equal prompt is of another turn. */
  over(): void;
}

/** `earlier`: ids of prompts before this one. The file lags behind, so an equal one may stand behind the offset. */
export function followLines(expected: string, earlier: ReadonlySet<string>): TurnLines {
  const background = followBackground();
  const ids = new Set<string | null>();
  let isOurs = false;
  let isOver = false;

  function judge(entry: Entry): LineKind {
    const id = idOf(entry);
    const prompt = promptOf(entry);
    if (ids.size === 0) {
      const isBegin = prompt !== null && !isNoted(entry) && isSamePrompt(prompt, expected) && !earlier.has(id ?? '');
      return isBegin ? 'prompt' : 'before';
    }
    if (prompt === null) return isOurs || (id !== null && ids.has(id)) ? 'ours' : 'beside';
    if (isOurs && NOTES.some((note) => prompt.startsWith(note))) return 'ours';
    if ((isOurs || taskOf(prompt) !== OF_HOOK) && background.wakes(prompt)) return 'woken';
    if (ids.has(id)) return 'ours';
    return isOurs && !isOver && isSamePrompt(prompt, expected) ? 'prompt' : 'foreign';
  }

  return {
    background,
    promptIds: ids,
    take(entry) {
      const kind = judge(entry);
      if (kind === 'prompt' || kind === 'woken') ids.add(idOf(entry));
      if (kind === 'prompt' || kind === 'woken') [isOurs, isOver] = [true, false];
      if (kind === 'foreign') isOurs = false;
      if (kind === 'ours') background.hear(entry);
      return kind;
    },
    over: () => void (isOver = true),
  };
}

export const INTERRUPTED = '[Request interrupted by user';
export const STOPPED = 'Operation stopped by hook';
/** What the CLI notes in the form of a prompt. */
const NOTES = [INTERRUPTED, STOPPED];

function isNoted(entry: Entry): boolean {
  return entry['isMeta'] === true;
}
