const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Below it no two characters belong together, CR and LF apart, which we do not have. */
const FIRST_COMBINING = 0x300;

/** The segmenter copies what it is given: so much is enough before a place, but for a person's flags in a row. */
const WINDOW = 8_192;

/** Finds where what people take for one character begins: the one that holds a place. */
export function createGraphemes(text: string): (at: number) => number {
  let known = 0;
  const isPlain = (at: number): boolean => text.charCodeAt(at) < FIRST_COMBINING;
  const findSafe = (at: number): number => {
    if (known <= at && at - known <= WINDOW) return known;
    const least = Math.max(0, at - WINDOW);
    for (let safe = at - 1; safe > least; safe -= 1) if (isPlain(safe) && isPlain(safe - 1)) return safe;
    return least;
  };
  return (at) => {
    if (at <= 0 || at >= text.length || (isPlain(at) && isPlain(at - 1))) return at;
    const from = findSafe(at);
    const found = segmenter.segment(text.slice(from, at + 2)).containing(at - from);
    known = from + (found?.index ?? at - from);
    return known;
  };
}

export function listGraphemes(text: string): readonly string[] {
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}
