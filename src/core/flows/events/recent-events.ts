import type { EventRecord } from '../../model/event.ts';

export type EventBatch = readonly EventRecord[];

/** The events at the end of the log, which readers near it share, so that many of them cost one read. */
export interface RecentEvents {
  /** The number of the last one. */
  head(): number;
  /** Null: some of what is behind this number is no longer held. */
  behind(after: number): EventBatch | null;
  add(batch: EventBatch): void;
  /** Holds nothing but what comes behind this number. */
  restart(head: number): void;
}

const MAX = 1_000;

export function createRecentEvents(): RecentEvents {
  /** All behind `base`, up to `head`. */
  let recent: EventRecord[] = [];
  let base = 0;
  let head = 0;

  return {
    head: () => head,
    behind(after) {
      if (after < base) return null;
      const from = recent.findLastIndex((event) => event.seq <= after);
      return recent.slice(from + 1);
    },
    add(batch) {
      head = batch.at(-1)?.seq ?? head;
      recent.push(...batch);
      const dropped = recent.splice(0, Math.max(0, recent.length - MAX)).at(-1);
      if (dropped !== undefined) base = dropped.seq;
    },
    restart(last) {
      recent = [];
      base = head = last;
    },
  };
}
