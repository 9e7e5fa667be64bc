/** What Claude Code does at its surface where its tested versions differ. The driver holds on each of them. */
export interface Surface {
  /** How a paste is reported that stood as a label in the composer. */
  readonly longPaste: (text: string) => RegExp;
  /** When a prompt is reported that is entered while a turn runs: with the id of that turn, or with its own. */
  readonly queuedPrompt: 'reported when it is entered' | 'reported when it runs';
  /** What becomes of a prompt that its hook refuses. */
  readonly refusedPrompt: 'is put back' | 'is gone';
  /** What the model is told beside the prompt, when mentions may attach no file. */
  readonly told: { readonly skills: boolean; readonly nestedInstructions: boolean; readonly outputStyle: boolean };
}

/** The newest tested version stands last. */
const SURFACES: ReadonlyMap<string, Surface> = new Map([
  [
    '2.1.197',
    {
      longPaste: (text) => new RegExp(`^${text}$`),
      queuedPrompt: 'reported when it runs',
      refusedPrompt: 'is gone',
      told: { skills: false, nestedInstructions: false, outputStyle: true },
    },
  ],
  [
    '2.1.332',
    {
      longPaste: (text) => new RegExp(`^\\n\\n<pasted_content id="(\\w+)">\\n${text}\\n</pasted_content id="\\1">\\n$`),
      queuedPrompt: 'reported when it is entered',
      refusedPrompt: 'is put back',
      told: { skills: true, nestedInstructions: true, outputStyle: true },
    },
  ],
]);

/** Another version is judged by the newest tested one: an audit says where it differs. */
export function surfaceOf(version: string): Surface {
  const surface = SURFACES.get(version) ?? [...SURFACES.values()].at(-1);
  if (surface === undefined) throw new Error(`no surface of ${version}`);
  return surface;
}
