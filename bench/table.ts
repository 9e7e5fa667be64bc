import { holds, isMissing, type Aim, type Figure, type Result, type Row, type Unit } from './row.ts';

type Line = readonly [what: string, figure: string, ratio: string, aim: string];

const HEAD: Line = ['what', 'figure', 'ratio', 'aim'];

/** Below each figure stand those that it is measured by; a ratio says how many times such a one the figure is.
 *  It can be read on a terminal, and stands on a page as it is. */
export function toTable(results: readonly Result[]): string {
  const lines = [HEAD, ...results.flatMap(toLines)];
  const widths = HEAD.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  const toRow = (line: Line): string => `| ${line.map((cell, at) => pad(cell, widths[at] ?? 0, at)).join(' | ')} |`;
  const rule = widths.map((width, at) => (isNumeric(at) ? `${'-'.repeat(width + 1)}:` : '-'.repeat(width + 2)));
  const [head = '', ...rest] = lines.map(toRow);
  return [head, `|${rule.join('|')}|`, ...rest].join('\n');
}

const isNumeric = (column: number): boolean => column === 1 || column === 2;

function pad(cell: string, width: number, column: number): string {
  return isNumeric(column) ? cell.padStart(width) : cell.padEnd(width);
}

function toLines(result: Result): readonly Line[] {
  if (isMissing(result)) return [[result.name, '–', '', result.missing]];
  const { name, value, unit, aims, beside } = result;
  return [
    [name, toText(value, unit), '', aims.map((aim) => toAimText(result, aim)).join('; ')],
    ...beside.map((rival) => toBeside(result, rival)),
  ];
}

function toBeside(row: Row, rival: Figure): Line {
  const ratio = row.unit === rival.unit ? `${toDigits(row.value / rival.value)} ×` : '';
  return [`– ${rival.name}`, toText(rival.value, rival.unit), ratio, ''];
}

function toAimText(row: Row, aim: Aim): string {
  const mark = holds(row, aim) ? 'holds' : '**MISSED**';
  switch (aim.kind) {
    case 'value':
      return `${aim.bound} ${toText(aim.limit, row.unit)}: ${mark}`;
    case 'difference':
      return `${aim.bound} ${toText(aim.limit, row.unit)} above ${aim.of}: ${mark}`;
    case 'ratio':
      return `${aim.bound} ${aim.limit} × ${aim.of}: ${mark}`;
  }
}

function toText(value: number, unit: Unit): string {
  return unit === '/s' ? `${toDigits(value)}/s` : `${toDigits(value)} ${unit}`;
}

/** Three digits that count; from a thousand on all of them, with commas. */
function toDigits(value: number): string {
  if (!Number.isFinite(value)) return '?';
  return Math.abs(value) < 1_000 ? String(Number(value.toPrecision(3))) : Math.round(value).toLocaleString('en');
}
