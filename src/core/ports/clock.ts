/** Time, so that core needs no timers of its own and tests need no waiting. */
export interface Clock {
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Milliseconds since some moment: time that passed, whatever the clock of the machine is set to meanwhile. */
  readonly elapsed: () => number;
  /** Calls back once after `ms`; the returned function calls it off. */
  after(ms: number, callback: () => void): () => void;
}
