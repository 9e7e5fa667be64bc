import type { CrashReport } from './crash-run.ts';
import { toWord } from './invariants.ts';
import { POINTS, type Kind, type Point } from './points.ts';

/** Counts what became of each cell's requests. */
export interface Outcomes {
  add(report: CrashReport): void;
  /** For people: a line for each point and kind. */
  table(): string;
}

interface Row {
  readonly point: Point;
  readonly kind: Kind;
  readonly reports: CrashReport[];
}

export function createOutcomes(): Outcomes {
  const rows = new Map<string, Row>();
  return {
    add(report) {
      const { point, kind } = report.scenario.plan;
      const row = rows.get(`${point} ${kind}`) ?? { point, kind, reports: [] };
      rows.set(`${point} ${kind}`, row);
      row.reports.push(report);
    },
    table() {
      const head = ['point', 'kind', 'runs', 'slowest recovery', 'mean run', 'the request that was hit', 'the others'];
      return align([head, ...[...rows.values()].map(toCells)]);
    },
  };
}

function toCells({ point, kind, reports }: Row): string[] {
  const hit = count(reports, (mark, target) => mark === target);
  const others = count(reports, (mark, target) => mark !== target);
  const slowest = Math.max(...reports.map(({ recoveryMs }) => recoveryMs));
  const mean = reports.reduce((sum, { totalMs }) => sum + totalMs, 0) / reports.length;
  const name = `${point.padEnd(3)} ${POINTS[point]}`;
  return [name, kind, String(reports.length), toSeconds(slowest), toSeconds(mean), hit, others];
}

function count(reports: readonly CrashReport[], isCounted: (mark: string, target: string) => boolean): string {
  const counts = new Map<string, number>();
  for (const { accepted, scenario } of reports) {
    for (const { request, status } of accepted) {
      if (!isCounted(request.mark, scenario.plan.mark.trim())) continue;
      const word = toWord(status);
      counts.set(word, (counts.get(word) ?? 0) + 1);
    }
  }
  const sorted = [...counts].toSorted(([, a], [, b]) => b - a);
  return sorted.map(([word, times]) => `${times} ${word}`).join(', ') || '–';
}

function toSeconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}

function align(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => (row[at] ?? '').length)));
  return rows
    .map((row) =>
      row
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
