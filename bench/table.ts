import { holds, isMissing, type Aim, type Figure, type Result, type Row, type Unit } from './row.ts';

type Line = readonly [what: string, figure: string, ratio: string, aim: string];

const HEAD: Line = ['what', 'figure', 'of it', 'aim'];

/** A table for the terminal, and for a page as it is. Below each figure stand those it is measured by; the third column
 *  says how many times the figure is what stands beside it. */
export function toTable(results: readonly Result[]): string {
  const lines = [HEAD, ...results.flatMap(toLines)];
  const widths = HEAD.map((_, column) => Math.max(...lines.map((line) => (line[column] ?? '').length)));
  const toRow = (line: Line): string =>
    `| ${line.map((cell, at) => (isNumeric(at) ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0))).join(' | ')} |`;
  const rule = `|${widths.map((width, at) => (isNumeric(at) ? `${'-'.repeat(width + 1)}:` : '-'.repeat(width + 2))).join('|')}|`;
  const [head = '', ...rest] = lines.map(toRow);
  return [head, rule, ...rest].join('\n');
}

const isNumeric = (column: number): boolean => column === 1 || column === 2;

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

export function toText(value: number, unit: Unit): string {
  return unit === '/s' ? `${toDigits(value)}/s` : `${toDigits(value)} ${unit}`;
}

/** Three digits that count; whole numbers above that, with commas. */
function toDigits(value: number): string {
  if (!Number.isFinite(value)) return '?';
  return value.toLocaleString('en', {
    maximumSignificantDigits: Math.abs(value) >= 1_000 ? 21 : 3,
    maximumFractionDigits: 0,
    roundingPriority: Math.abs(value) >= 1_000 ? 'lessPrecision' : 'auto',
  });
}
