import type { Budget } from '../../core/ports/transport.ts';
import { createSpent } from './spent.ts';

/** Lets single messages out at the network's pace. The outbox spends a budget for each attempt; this one counts what an
 *  attempt really sends, and what is said beside it. */
export interface Pace {
  /** Resolves with null when it may go, or with the time (milliseconds) after which it is worth another try: at `until`
   *  at the latest. Rejects with the reason of the signal. */
  enter(wish: Wish, signal: AbortSignal): Promise<number | null>;
  /** The chat wants nothing for so long. */
  hold(chat: string, ms: number): void;
  close(): void;
}

export interface Wish {
  readonly address: string;
  readonly urgency: Urgency;
  /** On the clock of `now`. */
  readonly until: number;
}

/** The first ones go first: somebody waits for it; it is to be read; it only shows how things go. */
export const URGENCIES = ['now', 'soon', 'idle'] as const;
export type Urgency = (typeof URGENCIES)[number];

export interface PaceOptions {
  readonly budgets: readonly Budget[];
  readonly chatOf: (address: string) => string;
  readonly now: () => number;
}

interface Waiter extends Wish {
  readonly tell: (afterMs: number | null) => void;
}

const AGAIN_MS = 1_000;

export function createPace({ budgets, chatOf, now }: PaceOptions): Pace {
  const spent = createSpent(budgets);
  const held = new Map<string, number>();
  let waiters: readonly Waiter[] = [];
  let timer: NodeJS.Timeout | undefined;

  /** When to look at it again; null: it is out. */
  function letOut({ address, until, tell }: Waiter, at: number): number | null {
    const heldMs = (held.get(chatOf(address)) ?? 0) - at;
    const free = spent.freeAt(address, at);
    if (heldMs > 0) tell(heldMs);
    else if (free <= at) {
      spent.spend(address, at);
      tell(null);
    } else if (until <= at) tell(AGAIN_MS);
    else return Math.min(free, until);
    return null;
  }

  function look(): void {
    clearTimeout(timer);
    const at = now();
    let next = Infinity;
    waiters = waiters.filter((waiter) => {
      const again = letOut(waiter, at);
      next = Math.min(next, again ?? Infinity);
      return again !== null;
    });
    if (next < Infinity) timer = setTimeout(look, Math.max(1, Math.ceil(next - at)));
  }

  return {
    async enter(wish, signal) {
      signal.throwIfAborted();
      const { waiter, out } = createWaiter(wish, signal, (gone) => {
        waiters = waiters.filter((known) => known !== gone);
      });
      waiters = putIn(waiters, waiter);
      look();
      return out;
    },
    hold(chat, ms) {
      held.set(chat, now() + ms);
      look();
    },
    close() {
      clearTimeout(timer);
      for (const { tell } of waiters) tell(AGAIN_MS);
      waiters = [];
    },
  };
}

/** `leave` is called when the signal aborts before it is told. */
function createWaiter(wish: Wish, signal: AbortSignal, leave: (waiter: Waiter) => void) {
  const { promise: out, resolve, reject } = Promise.withResolvers<number | null>();
  const aborted = (): void => {
    leave(waiter);
    reject(signal.reason as Error);
  };
  const waiter: Waiter = {
    ...wish,
    tell(afterMs) {
      signal.removeEventListener('abort', aborted);
      resolve(afterMs);
    },
  };
  signal.addEventListener('abort', aborted, { once: true });
  return { waiter, out };
}

/** Behind those that are as urgent. */
function putIn(waiters: readonly Waiter[], waiter: Waiter): readonly Waiter[] {
  const rankOf = ({ urgency }: Waiter): number => URGENCIES.indexOf(urgency);
  const before = waiters.findLastIndex((known) => rankOf(known) <= rankOf(waiter));
  return waiters.toSpliced(before + 1, 0, waiter);
}
