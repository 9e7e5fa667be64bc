/** The answer as people see it, and how each stretch of it looks. Every piece of a message is a slice of this. */
export interface Styled {
  readonly text: string;
  /** Without gaps, in order; they end at graphemes. */
  readonly runs: readonly Run[];
  /** Where blocks begin, in order: the best places to cut. */
  readonly places: readonly number[];
  /** Where the character that holds a place begins. */
  readonly findGrapheme: (at: number) => number;
}

export interface Run {
  readonly start: number;
  readonly end: number;
  readonly style: Style;
}

/** What is an object is one thing as long as it is the same object: two links in a row are two. */
export interface Style {
  readonly bold?: true;
  readonly italic?: true;
  readonly strike?: true;
  readonly code?: true;
  readonly link?: Link;
  readonly pre?: Pre;
  readonly quote?: object;
  readonly heading?: Heading;
  /** The bullet or number of a list item. */
  readonly marker?: 'bullet' | 'number';
}

export interface Link {
  readonly url: string;
  /** Its text is its address. */
  readonly bare: boolean;
}

export interface Pre {
  readonly language: string | null;
}

export interface Heading {
  readonly level: number;
}

/** The runs of a slice, clipped to it. */
export function listRuns({ runs }: Styled, start: number, end: number): readonly Run[] {
  const clipped: Run[] = [];
  for (let at = findRun(runs, start); at < runs.length; at += 1) {
    const run = runs[at];
    if (run === undefined || run.start >= end) break;
    clipped.push({ start: Math.max(run.start, start), end: Math.min(run.end, end), style: run.style });
  }
  return clipped;
}

export function findStyle({ runs }: Styled, at: number): Style {
  return runs[findRun(runs, at)]?.style ?? {};
}

export function findRunStart({ runs }: Styled, at: number): number {
  return runs[findRun(runs, at)]?.start ?? at;
}

function findRun(runs: readonly Run[], at: number): number {
  let low = 0;
  let high = runs.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((runs[middle]?.end ?? Infinity) > at) high = middle;
    else low = middle + 1;
  }
  return low;
}
