/** Each piece that is told is written down and sent to all who listen: so many a second are read as well as each word. */
const PACE_MS = 40;

/** Hands text on: the first piece at once, and what comes soon after it together. */
export interface Pace {
  add(text: string): void;
  /** Hands on what waits. */
  flush(): void;
}

export function createPace(hand: (text: string) => void): Pace {
  let waiting = '';
  let lastAt = -Infinity;
  let timer: NodeJS.Timeout | null = null;

  function flush(): void {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    if (waiting === '') return;
    const text = waiting;
    waiting = '';
    lastAt = performance.now();
    hand(text);
  }

  return {
    add(text) {
      waiting += text;
      const restMs = lastAt + PACE_MS - performance.now();
      if (restMs <= 0) flush();
      else timer ??= setTimeout(flush, restMs);
    },
    flush,
  };
}
