/** Splits as a shell does: blanks separate, single quotes take all, double quotes and bare text know `\`.
 *  No variables, no globs. Null when a quote is not closed or the text ends in `\`. */
export function splitWords(text: string): readonly string[] | null {
  const words: string[] = [];
  let word: string | null = null;
  let quote: '"' | "'" | null = null;
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (char === quote) {
      quote = null;
    } else if (char === '\\' && quote !== "'") {
      at += 1;
      if (at === text.length) return null;
      const next = text.charAt(at);
      word = (word ?? '') + (quote === '"' && next !== '"' && next !== '\\' ? `\\${next}` : next);
    } else if (quote === null && (char === '"' || char === "'")) {
      quote = char;
      word ??= '';
    } else if (quote === null && /\s/.test(char)) {
      if (word !== null) words.push(word);
      word = null;
    } else {
      word = (word ?? '') + char;
    }
  }
  if (quote !== null) return null;
  return word === null ? words : [...words, word];
}
