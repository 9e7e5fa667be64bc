/** What is read here is a few levels deep. */
const LEVELS_MAX = 64;

/** @throws Error for what is no JSON, and for what is nested deeper than anybody means it. */
export function parseJson(text: string): unknown {
  if (isTooDeep(text)) throw new Error(TOO_DEEP);
  return JSON.parse(text);
}

/** Null where it is none. */
export function readJson(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return null;
  }
}

export const TOO_DEEP = `lists and objects are nested at most ${LEVELS_MAX} levels deep`;

/** Before it is parsed: what walks through a document may do so by calling itself. */
export function isTooDeep(text: string): boolean {
  let levels = 0;
  let isInText = false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (isInText) {
      if (code === BACKSLASH) at += 1;
      else if (code === QUOTE) isInText = false;
    } else if (code === QUOTE) isInText = true;
    else if (code === BRACE || code === BRACKET) {
      levels += 1;
      if (levels > LEVELS_MAX) return true;
    } else if (code === BRACE_END || code === BRACKET_END) levels -= 1;
  }
  return false;
}

const QUOTE = 0x22;
const BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const BRACKET_END = 0x5d;
const BRACE = 0x7b;
const BRACE_END = 0x7d;
