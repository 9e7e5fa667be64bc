import { appendFileSync, readFileSync } from 'node:fs';

/** What the agent noted, before it told it:
 *  `prompt`: one arrived; its agent hook is told next.
 *  `blocked`: the hook kept it from the model.
 *  `said`: the first of `lines`; its agent hook is told next.
 *  `tool`: one ran.
 *  `stop`: a turn is over; its agent hook is told next. */
export interface JournalEntry {
  readonly event: 'prompt' | 'blocked' | 'said' | 'tool' | 'stop';
  /** Milliseconds since 1970, with fractions. */
  readonly at: number;
  readonly sessionId: string;
  readonly promptId: string;
  /** The prompt as it arrived; for `said`, `tool` and `stop` the one that began the turn. */
  readonly prompt: string;
}

export interface Journal {
  /** One append; in the file, as far as other processes can see, when it returns. */
  note(entry: Omit<JournalEntry, 'at' | 'sessionId'>): void;
}

export function openJournal(file: string | null, conversation: { readonly id: string }): Journal {
  return {
    note(entry) {
      if (file === null) return;
      const at = performance.timeOrigin + performance.now();
      appendFileSync(file, `${JSON.stringify({ at, sessionId: conversation.id, ...entry })}\n`);
    },
  };
}

/** Everything in the journal, oldest first; empty when nothing was noted yet. */
export function readJournal(file: string): readonly JournalEntry[] {
  let text = '';
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as JournalEntry);
}

/** The prompts that a model would have been asked, in this order. */
export function promptsIn(entries: readonly JournalEntry[]): readonly string[] {
  const blocked = new Set(entries.filter(({ event }) => event === 'blocked').map(({ promptId }) => promptId));
  return entries
    .filter(({ event, promptId }) => event === 'prompt' && !blocked.has(promptId))
    .map(({ prompt }) => prompt);
}
