/** How far a walk from the oldest has come. */
export interface RetentionPlace {
  readonly createdAt: number;
  readonly seq: number;
  /** Of deliveries that are of no request. */
  readonly delivery: number;
}

export interface RetentionLimits {
  /** What ended before this instant (epoch milliseconds) goes. */
  readonly endedBefore: number;
  /** Idempotency-Keys older than this are forgotten, but for kept ones. */
  readonly keysBefore: number;
}

export interface Forgotten {
  readonly requests: number;
  readonly events: number;
  readonly deliveries: number;
  readonly keys: number;
}

export interface RetentionStep {
  readonly forgotten: Forgotten;
  /** For the next step. */
  readonly place: RetentionPlace;
  /** Nothing is left that may go. */
  readonly isOver: boolean;
}

export interface RetentionStore {
  /** Forgets a few of the oldest requests, each with its approvals, deliveries and keys, when all of the log before their
   *  ends is gone. One stays while it waits or runs, its usage is still to come, something of it is owed, or a key is
   *  kept for it. The log loses its beginning, never a part of its middle, and never its last event. */
  forget(limits: RetentionLimits, behind: RetentionPlace): Promise<RetentionStep>;
  /** Since when everything is still needed: by the oldest request that waits or runs, and by a pause that stands. Null:
   *  nothing is. */
  readNeededSince(): Promise<number | null>;
  /** What the rows take; what was freed is used again, and is none of it. */
  readUsedBytes(): Promise<number>;
}
