import type { FlowParts } from '../../parts.ts';
import { readHeads } from './heads.ts';
import type { TurnOrder } from './turn-order.ts';
import type { Waiter } from './waiter.ts';

/** The slots for turns, which are given to the sessions that wait. */
export interface Slots {
  /** Gives what is free. */
  fill(): void;
  /** Nothing is given before. */
  open(): void;
  isOpen(): boolean;
  /** Resolves when nothing is given any more. */
  close(): Promise<void>;
}

export interface SlotsDeps {
  readonly parts: FlowParts;
  readonly order: TurnOrder;
  readonly mayRun: (waiter: Waiter) => boolean;
  readonly taken: () => number;
  readonly give: (waiter: Waiter) => void;
  /** The disk refused. */
  readonly failed: (workspace: string) => void;
}

export function createSlots({ parts, order, mayRun, taken, give, failed }: SlotsDeps): Slots {
  let state: 'not_yet' | 'open' | 'closed' = 'not_yet';
  /** Decisions follow one another: each has to know of the one before. */
  let filling: Promise<void> = Promise.resolve();

  const isFree = (): boolean => state === 'open' && taken() < parts.settings.maxRunningTurns;

  /** One slot after the other, each by what all queues hold by then. */
  async function giveAll(): Promise<void> {
    while (isFree()) {
      await readHeads({ parts, order, failed }, mayRun);
      const next = isFree() ? order.next(parts.clock.now(), mayRun) : null;
      if (next === null) return;
      give(next);
    }
  }

  function fill(): void {
    filling = filling.then(giveAll);
  }

  return {
    fill,
    open() {
      if (state === 'not_yet') state = 'open';
      fill();
    },
    isOpen: () => state === 'open',
    async close() {
      state = 'closed';
      await filling;
    },
  };
}
