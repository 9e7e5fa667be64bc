import type { Table } from './parse.ts';
import { measureWidth } from './width.ts';

/** Longer cells stand over the edge of their column. */
const COLUMN_MAX = 40;
/** Wider tables are not aligned: they wrap anyway. */
const ROW_MAX = 120;
const BETWEEN = ' | ';

/** The cells of each row as lines of equal columns, for a monospaced font; a rule below the first. */
export function layOutTable(rows: readonly (readonly string[])[], align: Table['align']): string {
  const widths = measureColumns(rows);
  const lines = rows.map((cells) => cells.map((cell, at) => pad(cell, widths[at] ?? 0, align?.[at])).join(BETWEEN));
  const rule = widths.map((width) => '-'.repeat(Math.max(width, 1))).join('-+-');
  return lines
    .toSpliced(1, 0, rule)
    .map((line) => line.trimEnd())
    .join('\n');
}

function measureColumns(rows: readonly (readonly string[])[]): readonly number[] {
  const widths: number[] = [];
  for (const cells of rows)
    for (const [at, cell] of cells.entries())
      widths[at] = Math.max(widths[at] ?? 0, Math.min(measureWidth(cell), COLUMN_MAX));
  const whole = widths.reduce((sum, width) => sum + width + BETWEEN.length, 0);
  return whole > ROW_MAX ? (rows[0] ?? []).map(() => 0) : widths;
}

function pad(cell: string, width: number, align: string | null | undefined): string {
  const room = Math.max(0, width - measureWidth(cell));
  const before = align === 'right' ? room : align === 'center' ? room >> 1 : 0;
  return ' '.repeat(before) + cell + ' '.repeat(room - before);
}
