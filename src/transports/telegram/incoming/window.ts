import type { Update } from 'telegraf/types';
import { pause } from '../../chat/pause.ts';

/** What Telegram tells again and again: all from the first update on that is not handled yet. */
export interface Window {
  /** Takes those that are new. */
  add(updates: readonly Update[]): void;
  /** What is asked for next; null: nothing was ever handled here. All before it is forgotten by Telegram. */
  next(): number | null;
  /** Telegram has heard the last `next`. */
  confirmed(): void;
  /** Some are not handled yet. */
  isOpen(): boolean;
  /** Resolves when all are handled, or after so long. */
  rest(ms: number, signal: AbortSignal): Promise<void>;
  /** When nothing is under way any more: whether Telegram has to be told of more that is handled. */
  isUnconfirmed(): Promise<boolean>;
}

export function createWindow(take: (update: Update) => Promise<boolean>): Window {
  const taken = new Set<number>();
  const open = new Map<number, Promise<void>>();
  let offset: number | null = null;
  let told: number | null = null;
  let closed = Promise.withResolvers<void>();

  function begin(update: Update): void {
    const { update_id: id } = update;
    if (taken.has(id)) return;
    taken.add(id);
    open.set(
      id,
      take(update).then((isHandled) => {
        if (isHandled) open.delete(id);
        if (open.size === 0) closed.resolve();
      }),
    );
  }

  function next(): number | null {
    if (taken.size > 0) offset = open.size > 0 ? Math.min(...open.keys()) : Math.max(...taken) + 1;
    for (const id of taken) if (offset !== null && id < offset) taken.delete(id);
    return offset;
  }

  return {
    add: (updates) => updates.forEach(begin),
    next,
    confirmed: () => void (told = offset),
    isOpen: () => open.size > 0,
    async rest(ms, signal) {
      if (open.size === 0) return;
      closed = Promise.withResolvers();
      const over = new AbortController();
      await Promise.race([closed.promise, pause(ms, AbortSignal.any([signal, over.signal]))]);
      over.abort();
    },
    async isUnconfirmed() {
      await Promise.all(open.values());
      return next() !== told;
    },
  };
}
