import type { Terminal } from '../terminal.ts';

export type Row = readonly string[];

/** Columns for people; on a pipe one line a row with tabs between, for programs. */
export function printTable(head: Row, rows: readonly Row[], terminal: Terminal): void {
  if (!terminal.isTTY) {
    for (const row of [head, ...rows]) terminal.print(row.map(toCell).join('\t'));
    return;
  }
  const widths = head.map((name, at) => Math.max(name.length, ...rows.map((row) => (row[at] ?? '').length)));
  const toLine = (row: Row): string =>
    row
      .map((cell, at) => toCell(cell).padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd();
  terminal.print(terminal.style('bold', toLine(head)));
  for (const row of rows) terminal.print(toLine(row));
}

function toCell(cell: string): string {
  return cell.replaceAll(/[\t\r\n]+/g, ' ');
}
