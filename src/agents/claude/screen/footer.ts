/** What the last line of the screen says of the permission mode, in the words of the CLI. */
const SAID: readonly (readonly [words: string, mode: string])[] = [
  ['⏸ manual mode on', 'default'],
  ['⏵⏵ accept edits on', 'acceptEdits'],
  ['⏸ plan mode on', 'plan'],
  ['⏵⏵ auto mode on', 'auto'],
  ['⏵⏵ don’t ask on', 'dontAsk'],
  ['⏵⏵ bypass permissions on', 'bypassPermissions'],
];

// oxlint-disable-next-line no-control-regex -- terminal sequences are the subject
const SEQUENCES = /\u001b\[[0-9;]*m/g;

/** The permission mode that the screen shows below the composer; null when it shows none, as an older version does in the
 *  default mode, or has something else to say there. A person's status line may say the same: it is a hint, no proof. */
export function readMode(capture: string): string | null {
  const last = capture.replaceAll(SEQUENCES, '').trimEnd().split('\n').at(-1) ?? '';
  const said = last.trim().replaceAll("'", '’');
  return SAID.find(([words]) => said.startsWith(words))?.[1] ?? null;
}
