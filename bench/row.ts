export type Unit = '/s' | 'ms' | 'MB';

export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: Unit;
}

/** What was measured, and its rivals and limits from the same run. */
export interface Row extends Figure {
  readonly beside: readonly Figure[];
  readonly aims: readonly Aim[];
}

/** What the figure should be. `of` names a figure beside it; without one the limit is the figure's own. */
export type Aim =
  | { readonly kind: 'value'; readonly bound: Bound; readonly limit: number }
  /** The figure less the one beside it. */
  | { readonly kind: 'difference'; readonly bound: Bound; readonly limit: number; readonly of: string }
  /** The figure as a multiple of the one beside it. */
  | { readonly kind: 'ratio'; readonly bound: Bound; readonly limit: number; readonly of: string };

export type Bound = 'at most' | 'at least';

/** What could not be measured, and why. */
export interface Missing {
  readonly name: string;
  readonly missing: string;
}

export type Result = Row | Missing;

export function isMissing(result: Result): result is Missing {
  return 'missing' in result;
}

/** With what follows from the figures, for those who read them as JSON. */
export function toRecord(result: Result): object {
  if (isMissing(result)) return result;
  return {
    ...result,
    beside: result.beside.map((rival) => ({
      ...rival,
      ratio: rival.unit === result.unit ? result.value / rival.value : null,
    })),
    aims: result.aims.map((aim) => ({ ...aim, holds: holds(result, aim) })),
  };
}

/** A figure that is not a number holds no aim. */
export function holds(row: Row, aim: Aim): boolean {
  const reached = reach(row, aim);
  return aim.bound === 'at most' ? reached <= aim.limit : reached >= aim.limit;
}

function reach(row: Row, aim: Aim): number {
  if (aim.kind === 'value') return row.value;
  const rival = row.beside.find(({ name }) => name === aim.of);
  if (rival === undefined) throw new Error(`nothing is called ${aim.of} beside ${row.name}`);
  return aim.kind === 'ratio' ? row.value / rival.value : row.value - rival.value;
}
