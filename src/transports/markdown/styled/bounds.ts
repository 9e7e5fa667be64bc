/** The parser takes some 6 µs a letter, and the square of that for hostile ones: what is longer stays plain text. */
const LETTERS_MAX = 32_768;
const LINES_MAX = 2_000;

/** Of `>`, bullets and numbers that open a line: each is a level of the tree. */
const TOO_DEEP = /^(?:[ \t]*(?:>|[-+*](?=[ \t])|\d{1,9}[.)](?=[ \t]))){25}/m;

/** Looking for the partner of each delimiter of a paragraph takes the square of their number. */
const SEARCHES_MAX = 4_000_000;
const DELIMITERS = /www\.|https?:|[*_~[\]<@]/gi;
const ADDRESS_WEIGHT = 8;
/** A blank line ends a paragraph, and so does one that opens a list item, a row, a quote or a heading. */
const PARAGRAPH_ENDS = /\n(?=[ \t]*(?:\n|[-+*>|#][ \t|]|\d{1,9}[.)][ \t]))/;

/** Backticks behind one make it code within a line. */
const FENCE = /^ {0,3}(`{3,}(?=[^`]*$)|~{3,})(.*)$/;

/** How many of the first letters may be parsed. Depends on the text alone: a part that is sent again must be the same. */
export function countParsable(markdown: string): number {
  const head = findHead(markdown);
  return isHostile(markdown.slice(0, head)) ? 0 : head;
}

function findHead(markdown: string): number {
  const most = Math.min(LETTERS_MAX, findLine(markdown, LINES_MAX));
  if (markdown.length <= most) return markdown.length;
  const blank = markdown.lastIndexOf('\n\n', most);
  const cut = blank > 0 ? blank : Math.max(0, markdown.lastIndexOf('\n', most));
  return findOpenFence(markdown.slice(0, cut)) ?? cut;
}

function findLine(text: string, count: number): number {
  let at = -1;
  for (let line = 0; line < count; line += 1) {
    at = text.indexOf('\n', at + 1);
    if (at === -1) return Infinity;
  }
  return at;
}

/** A code block goes whole or not at all. */
function findOpenFence(text: string): number | null {
  return findFencedLines(text).openAt;
}

export interface FencedLines {
  /** Counted from 0, with the fences. */
  readonly lines: readonly number[];
  /** Where a block begins that has no end. */
  readonly openAt: number | null;
}

/** Blocks of code by their fences alone. */
export function findFencedLines(text: string): FencedLines {
  const lines: number[] = [];
  let open: { readonly at: number; readonly fence: string } | null = null;
  let at = 0;
  for (const [number, line] of text.split('\n').entries()) {
    const [, fence, info = ''] = FENCE.exec(line) ?? [];
    if (open !== null || fence !== undefined) lines.push(number);
    if (open === null) open = fence === undefined ? null : { at, fence };
    else if (fence?.startsWith(open.fence) === true && info.trim() === '') open = null;
    at += line.length + 1;
  }
  return { lines, openAt: open?.at ?? null };
}

function isHostile(text: string): boolean {
  if (TOO_DEEP.test(text)) return true;
  let searches = 0;
  for (const paragraph of text.split(PARAGRAPH_ENDS)) searches += countDelimiters(paragraph) ** 2;
  return searches > SEARCHES_MAX;
}

function countDelimiters(paragraph: string): number {
  let count = 0;
  for (const [found] of paragraph.matchAll(DELIMITERS)) count += found.length > 1 || found === '@' ? ADDRESS_WEIGHT : 1;
  return count;
}
