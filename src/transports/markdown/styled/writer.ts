import { createGraphemes } from './graphemes.ts';
import type { Run, Style, Styled } from './styled.ts';

/** Deeper lists stay at this column: a chat is narrow, and an indent is repeated on every line. */
const INDENT_MAX = 24;

export interface Writer {
  add(text: string, style: Style): void;
  /** So many line ends before whatever comes next. */
  owe(lines: number): void;
  /** At least one line end, unless nothing stands on the line. */
  freshLine(): void;
  /** A block begins with whatever comes next. */
  place(): void;
  indented(by: string, write: () => void): void;
  end(): Styled;
}

export function createWriter(): Writer {
  let text = '';
  let owed = 0;
  let placed = false;
  let indent = '';
  const runs: Run[] = [];
  const places: number[] = [];

  const push = (part: string, style: Style): void => {
    if (part === '') return;
    const last = runs.at(-1);
    const run = { start: text.length, end: text.length + part.length, style };
    if (last?.style === style) runs[runs.length - 1] = { ...run, start: last.start };
    else runs.push(run);
    text += part;
  };

  /** Line ends between two blocks of one quote are part of it. */
  const beginLines = (style: Style): void => {
    const { quote } = runs.at(-1)?.style ?? style;
    const between: Style = quote !== undefined && quote === style.quote ? { quote } : {};
    if (text !== '' && owed > 0) push('\n'.repeat(owed), between);
    if ((text === '' || owed > 0) && style.pre === undefined) push(indent, style.quote ? { quote: style.quote } : {});
    owed = 0;
  };

  return {
    add: (added, style) => {
      if (added === '') return;
      beginLines(style);
      if (placed) places.push(text.length);
      placed = false;
      push(style.pre === undefined && indent !== '' ? added.replaceAll('\n', `\n${indent}`) : added, style);
    },
    owe: (lines) => {
      owed = Math.max(owed, lines);
    },
    freshLine: () => {
      if (text !== '' && !text.endsWith('\n')) owed = Math.max(owed, 1);
    },
    place: () => {
      placed = true;
    },
    indented: (by, write) => {
      const outer = indent;
      if (indent.length + by.length <= INDENT_MAX) indent += by;
      write();
      indent = outer;
    },
    end: () => {
      const findGrapheme = createGraphemes(text);
      return { text, runs: snap(runs, text.length, findGrapheme), places, findGrapheme };
    },
  };
}

/** A letter and its accent look alike, even when only one of them was bold. */
function snap(runs: readonly Run[], length: number, findGrapheme: (at: number) => number): readonly Run[] {
  const snapped: Run[] = [];
  let start = 0;
  for (const { end: edge, style } of runs) {
    let end = Math.max(edge, start);
    while (end < length && findGrapheme(end) !== end) end += 1;
    if (end > start) snapped.push({ start, end, style });
    start = end;
  }
  return snapped;
}
