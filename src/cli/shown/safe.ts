/** All that a terminal takes as more than letters, but for line ends, tabs, and colours (`ESC [ … m`). */
// oxlint-disable-next-line no-control-regex -- control characters are the subject
const TAKEN = /\u001b(?!\[[0-9;]*m)|[\u0000-\u0008\u000b-\u001a\u001c-\u001f\u007f-\u009f]/g;

/** For a terminal at which a person sits: what agents and callers say moves no cursor, sets no title and fills no clipboard. */
export function toSafe(words: string): string {
  return words.replaceAll(TAKEN, '');
}
