import { MAX_OVERTAKEN, MAX_WAIT_MS } from '../../core/model/request.ts';
import { nthLastStarted } from '../requests/queries.ts';
import { get, type Step } from '../sql/step.ts';

/** Which of a queue go before every class. */
export interface Aging {
  /** MAX_OVERTAKEN turns overtook all that wait with a seq below this one. */
  readonly agedBefore: number;
  /** Those that arrived then or earlier have waited for MAX_WAIT_MS. */
  readonly agedSince: number;
}

export function* findAging(workspace: string, now: number): Step<Aging> {
  return { agedBefore: yield* findOvertaken(workspace), agedSince: now - MAX_WAIT_MS };
}

/** MAX_OVERTAKEN turns overtook all that wait with a seq below this one. */
export function* findOvertaken(workspace: string): Step<number> {
  return (yield* get(nthLastStarted, { workspace, skip: MAX_OVERTAKEN - 1 }))?.seq ?? 0;
}

export function hasAged(row: { readonly seq: number; readonly created_at: number }, aging: Aging): boolean {
  return row.seq < aging.agedBefore || row.created_at <= aging.agedSince;
}
