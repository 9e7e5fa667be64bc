/** Signs that begin a format, a spoiler, a link, a mention or an emoji wherever they stand. */
const SIGNS = /[\\*_~`|[<]/g;
/** `:name:` becomes an emoji, also of a name that a sign of a format behind this text would go on; `://` a link. A link
 *  stays one only where the author made it one. */
const COLONS = /:(?=\/\/|[a-z0-9_+-]+:|[a-z0-9_+-]*$)/gi;

/** Text that Discord shows as it is. A backslash before any sign but letters, figures and white space is not shown. */
export function escapeText(text: string): string {
  return text.replaceAll(SIGNS, '\\$&').replaceAll(COLONS, '\\:');
}

/** What makes a heading, a list, a quote or small text of a line. Takes escaped text, of one line or many. */
export function escapeLineStart(text: string): string {
  return text.replaceAll(/^([^\S\n]*)([#>+-])/gm, '$1\\$2').replaceAll(/^([^\S\n]*\d+)([.)])/gm, '$1\\$2');
}

/** Within brackets: signs that would end it, or a format around it, by their numbers. */
export function escapeUrl(url: string): string {
  return url.replaceAll(/[()*_~|`\\<>\s]/g, (sign) => encodeURIComponent(sign).replace(/^[^%]$/, toPercent));
}

function toPercent(sign: string): string {
  return `%${sign.charCodeAt(0).toString(16).toUpperCase()}`;
}
