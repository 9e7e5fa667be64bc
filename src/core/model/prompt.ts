import { GatewayError } from './errors.ts';

/** 256 kB of UTF-8. */
export const PROMPT_MAX_BYTES = 262_144;

// C0 but \n and \t, DEL, and C1: a terminal would take them as keystrokes (ESC[201~ closes a bracketed paste).
// oxlint-disable-next-line no-control-regex -- control characters are the subject
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/** Anything but white space and characters that draw nothing: the agent takes only those for an empty prompt. */
const VISIBLE = /[^\s\p{Default_Ignorable_Code_Point}]/u;

/** How the text that an agent got differs from the one that was sent, in the order of its way.
 *  `line_breaks`: CRLF and CR became LF. `controls_removed`: control characters, which a terminal takes as keys.
 *  `end_trimmed`: white space at the end. `escaped`: a `\\` was put in front, so that a command is text.
 *  `space_in_front`: the same by a space, where a prompt had to be pasted.
 *  The agent's own doing: `tabs_expanded` (to four spaces), `composed` (to NFC), `invisible_removed` (characters that draw
 *  nothing), `line_separators_replaced` (U+2028, U+2029 by LF), `tags_escaped` (a `\\` behind the `<` of a tag that is its
 *  own). */
export const ALTERATIONS = [
  'line_breaks',
  'controls_removed',
  'end_trimmed',
  'escaped',
  'space_in_front',
  'tabs_expanded',
  'composed',
  'invisible_removed',
  'line_separators_replaced',
  'tags_escaped',
] as const;
export type Alteration = (typeof ALTERATIONS)[number];

export interface NormalisedPrompt {
  readonly text: string;
  readonly altered: readonly Alteration[];
}

/** The text that is stored, sent and compared: CRLF and CR become LF, control characters are stripped.
 *  @throws GatewayError `invalid_field` for a lone surrogate or nothing visible, `prompt_too_large` over 256 kB. */
export function normalisePrompt(raw: string, field: string): NormalisedPrompt {
  if (!raw.isWellFormed()) {
    throw new GatewayError('invalid_field', `${field} holds a lone surrogate: send well-formed Unicode`, { field });
  }
  const unified = raw.replaceAll(/\r\n?/g, '\n');
  const text = unified.replaceAll(CONTROL, '');
  if (!VISIBLE.test(text)) {
    throw new GatewayError('invalid_field', `${field} is empty: send its text`, { field });
  }
  if (byteLength(text) > PROMPT_MAX_BYTES) {
    throw new GatewayError(
      'prompt_too_large',
      `${field} is over ${PROMPT_MAX_BYTES} bytes: put the text into a file of the workspace and name it`,
      { field },
    );
  }
  const altered: readonly Alteration[] = [
    ...(unified === raw ? [] : ['line_breaks' as const]),
    ...(text === unified ? [] : ['controls_removed' as const]),
  ];
  return { text, altered };
}

function byteLength(text: string): number {
  let bytes = 0;
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}
