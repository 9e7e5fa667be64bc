import { appendFileSync, readFileSync } from 'node:fs';

/** What the agent noted: a prompt that it took (its hook did not block it), or the end of a turn that it told. */
export interface JournalEntry {
  readonly event: 'prompt' | 'stop';
  /** Milliseconds since 1970, with fractions. */
  readonly at: number;
  readonly sessionId: string;
  readonly promptId: string;
  /** The prompt as it arrived; for `stop` the one that began the turn. */
  readonly prompt: string;
}

export interface Journal {
  /** On disk, as far as other processes can see, when it returns. */
  note(entry: Omit<JournalEntry, 'at'>): void;
}

export function openJournal(file: string | null): Journal {
  return {
    note(entry) {
      if (file === null) return;
      const at = performance.timeOrigin + performance.now();
      appendFileSync(file, `${JSON.stringify({ at, ...entry })}\n`);
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
