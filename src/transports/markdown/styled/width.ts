import { listGraphemes } from './graphemes.ts';

const ZERO = /^(?:\p{M}|\p{Default_Ignorable_Code_Point})$/u;
const WIDE =
  /^(?:\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{18dff}\u{1b000}-\u{1b2ff}\u{20000}-\u{3fffd}])$/u;

/** In columns of a monospaced font, as a terminal counts them. */
export function measureWidth(text: string): number {
  if (/^[ -~]*$/.test(text)) return text.length;
  return listGraphemes(text).reduce((sum, grapheme) => sum + Math.max(...Array.from(grapheme, measureCharacter)), 0);
}

function measureCharacter(character: string): number {
  if (ZERO.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
}
