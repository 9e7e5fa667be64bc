import { toAge } from './words.ts';

type Row = readonly string[];

const GAP = '  ';
const LEAST = 8;
/** Narrower, and a sentence is no longer read, nor an id copied. */
const LEAST_TEXT = 30;

/** The lines of a table, the head first. Where it is too wide, instants become ages, `spare` columns go, the last column
 *  goes on below itself, and at last what is widest is cut; never the first one, which is what is copied. */
export function fit(
  rows: readonly Row[],
  columns: number,
  spare: readonly string[],
  now = Date.now(),
): readonly string[] {
  let shown = rows;
  if (isWide(shown, columns)) shown = shown.map((row) => row.map((cell) => toAge(cell, now)));
  for (const name of spare) {
    if (isWide(withoutText(shown), columns)) shown = withoutColumn(shown, shown[0]?.indexOf(name) ?? -1);
  }
  return isWide(shown, columns) ? wrapLast(shown, columns) : toLines(shown, toWidths(shown));
}

function toWidths(rows: readonly Row[]): readonly number[] {
  return (rows[0] ?? []).map((_name, at) => Math.max(...rows.map((row) => (row[at] ?? '').length)));
}

function toWhole(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width + GAP.length, -GAP.length);
}

function isWide(rows: readonly Row[], columns: number): boolean {
  return toWhole(toWidths(rows)) > columns;
}

/** A last column of sentences needs no more than some room. */
function withoutText(rows: readonly Row[]): readonly Row[] {
  return rows.map((row) => row.map((cell, at) => (at === row.length - 1 ? cell.slice(0, LEAST_TEXT) : cell)));
}

function withoutColumn(rows: readonly Row[], gone: number): readonly Row[] {
  return gone === -1 ? rows : rows.map((row) => row.filter((_cell, at) => at !== gone));
}

function wrapLast(rows: readonly Row[], columns: number): readonly string[] {
  const widths = [...toWidths(rows)];
  const last = widths.length - 1;
  widths[last] = Math.min(
    widths[last] ?? 0,
    Math.max(LEAST_TEXT, columns - toWhole(widths.slice(0, last)) - GAP.length),
  );
  while (toWhole(widths) > columns) {
    const widest = Math.max(...widths.slice(1, last));
    if (widest <= LEAST) break;
    widths[widths.indexOf(widest, 1)] = widest - 1;
  }
  const cut = rows.flatMap((row) => {
    const parts = split(row[last] ?? '', widths[last] ?? 1);
    const others = row.slice(0, last).map((cell, at) => shorten(cell, widths[at] ?? 0));
    return parts.map((part, at) => [...(at === 0 ? others : others.map(() => '')), part]);
  });
  return toLines(cut, widths);
}

function shorten(cell: string, width: number): string {
  return cell.length <= width ? cell : `${cell.slice(0, width - 1)}…`;
}

/** At spaces where there are some. */
function split(text: string, width: number): readonly string[] {
  const parts: string[] = [];
  let rest = text;
  while (rest.length > width) {
    const space = rest.lastIndexOf(' ', width);
    const end = space > width / 2 ? space : width;
    parts.push(rest.slice(0, end));
    rest = rest.slice(end).trimStart();
  }
  return [...parts, rest];
}

function toLines(rows: readonly Row[], widths: readonly number[]): readonly string[] {
  return rows.map((row) =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join(GAP)
      .trimEnd(),
  );
}
