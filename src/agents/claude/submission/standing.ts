import type { View } from '../screen/terminal.ts';

/** How long something has been seen without a break, and when it is time to press a key against it. */
export interface Standing {
  stands(): number;
  dueAfter(ms: number): boolean;
  over(): void;
}

const ESCAPE_EVERY_MS = 1_000;

export function createStanding(): Standing {
  let since: number | null = null;
  let pressedAt = 0;
  const stands = (): number => performance.now() - (since ??= performance.now());
  return {
    stands,
    dueAfter(ms) {
      const due = stands() >= ms && performance.now() - pressedAt >= ESCAPE_EVERY_MS;
      if (due) pressedAt = performance.now();
      return due;
    },
    over: () => void (since = null),
  };
}

export function isTyping({ typedAgoMs }: View, withinMs: number): boolean {
  return typedAgoMs !== null && typedAgoMs < withinMs;
}
