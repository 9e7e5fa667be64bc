/** Words that end the CLI when they stand alone in the composer. */
const QUIT_WORDS = new Set(['exit', 'quit', ':q', ':q!', ':wq', ':wq!']);

/** First characters that give a line another meaning: shell, command, memory, background, help. */
const MODE_CHARACTER = /^[!/#&?]/;

/** What is pasted for a prompt, and what the agent must then report. */
export interface ComposerText {
  readonly paste: string;
  readonly expected: string;
}

/** Makes a prompt safe for Claude Code's composer. What the CLI itself changes on the way (a tab becomes four
 *  spaces, characters are composed to NFC, white space at the end goes) is made equal here, so that what
 *  arrives can be compared.
 *  - One space before `!`, `/`, `#`, `&` and `?`: sent as text, the space stays.
 *  - One space at the end: `\` before Enter would be a line break, and `@path` would open a popup that takes Enter.
 *  - A lone `exit` gets so many line breaks that it becomes a pasted text; the CLI quits on it otherwise. */
export function toComposerText(prompt: string): ComposerText {
  const body = prompt.replaceAll('\t', '    ').normalize('NFC').trimEnd();
  const expected = MODE_CHARACTER.test(body) ? ` ${body}` : body;
  const tail = QUIT_WORDS.has(body.trim().toLowerCase()) ? '\n'.repeat(10) : ' ';
  return { paste: expected + tail, expected };
}

export function isSamePrompt(received: string, expected: string): boolean {
  return received.normalize('NFC').trimEnd() === expected;
}

/** Ours with something added or lost: the composer held more than our text, or a good part of it. */
export function isRelatedPrompt(received: string, expected: string): boolean {
  const text = received.normalize('NFC').trim();
  const ours = expected.trim();
  const isAddedTo = text.startsWith(ours) || text.endsWith(ours);
  return isAddedTo || (text.length * 2 >= ours.length && ours.includes(text));
}
