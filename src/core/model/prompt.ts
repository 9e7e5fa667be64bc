import { GatewayError } from './errors.ts';

/** 256 kB of UTF-8. A tab counts as four, for agents make it four spaces. */
export const PROMPT_MAX_BYTES = 262_144;

const TAB_BYTES = 4;

// C0 but \n and \t, DEL, and C1: a terminal would take them as keystrokes (ESC[201~ closes a bracketed paste).
// oxlint-disable-next-line no-control-regex -- control characters are the subject
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/** Anything but white space and characters that draw nothing: the agent takes only those for an empty prompt. */
const VISIBLE = /[^\s\p{Default_Ignorable_Code_Point}]/u;

/** The text that is stored, sent and compared: CRLF and CR become LF, control characters are stripped.
 *  @throws GatewayError `invalid_field` for a lone surrogate or nothing visible, `prompt_too_large` over 256 kB. */
export function normalisePrompt(raw: string, field: string): string {
  if (!raw.isWellFormed()) {
    throw new GatewayError('invalid_field', `${field} holds a lone surrogate: send well-formed Unicode`, { field });
  }
  const text = raw.replaceAll(/\r\n?/g, '\n').replaceAll(CONTROL, '');
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
  return text;
}

function byteLength(text: string): number {
  let bytes = 0;
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    bytes += char === '\t' ? TAB_BYTES : code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}
