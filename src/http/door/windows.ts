interface Window {
  current: number;
  readonly beganAt: number;
}

type Tell = (error: Error | null, found?: { readonly current: number; readonly ttl: number }) => void;

/** A store of counts for @fastify/rate-limit, by time that passes: the clock of the machine may be set while a window is open,
 *  and its own store would keep a caller out until that clock is there again. */
export class Windows {
  /** The latest ones are last. */
  readonly #windows = new Map<string, Window>();
  readonly #max: number;
  readonly #now: () => number;

  constructor({ cache = 5_000 }: { readonly cache?: number }, now = (): number => performance.now()) {
    this.#max = cache;
    this.#now = now;
  }

  incr(key: string, tell: Tell, timeWindow: number): void {
    const now = this.#now();
    const open = this.#open(key, timeWindow, now);
    const window = open ?? { current: 0, beganAt: now };
    window.current += 1;
    this.#windows.delete(key);
    this.#windows.set(key, window);
    if (this.#windows.size > this.#max) this.#windows.delete(this.#windows.keys().next().value ?? '');
    tell(null, { current: window.current, ttl: toTtl(window, timeWindow, now) });
  }

  read(key: string, tell: Tell, timeWindow: number): void {
    const now = this.#now();
    const window = this.#open(key, timeWindow, now);
    tell(
      null,
      window === null ? { current: 0, ttl: 0 } : { current: window.current, ttl: toTtl(window, timeWindow, now) },
    );
  }

  child(options: { readonly path?: string; readonly cache?: number }): Windows {
    return new Windows(options, this.#now);
  }

  #open(key: string, timeWindow: number, now: number): Window | null {
    const window = this.#windows.get(key);
    return window === undefined || window.beganAt + timeWindow <= now ? null : window;
  }
}

function toTtl({ beganAt }: Window, timeWindow: number, now: number): number {
  return Math.ceil(timeWindow - (now - beganAt));
}
