import type { Terminal } from '../terminal.ts';
import { fit } from './fit.ts';

export type Row = readonly string[];

/** Columns for people; on a pipe one line a row with tabs between, for programs. `spare` columns are left out, in this
 *  order, where a terminal is too narrow for all. */
export function printTable(head: Row, rows: readonly Row[], terminal: Terminal, spare: readonly string[] = []): void {
  const cells = [head, ...rows].map((row) => row.map(toCell));
  if (!terminal.isTTY) {
    for (const row of cells) terminal.print(row.join('\t'));
    return;
  }
  const [first = '', ...lines] = fit(cells, terminal.columns, spare);
  terminal.print(terminal.style('bold', first));
  for (const line of lines) terminal.print(line);
}

function toCell(cell: string): string {
  return cell.replaceAll(/[\t\r\n]+/g, ' ');
}
