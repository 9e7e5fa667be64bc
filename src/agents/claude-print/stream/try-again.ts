import { setTimeout as delay } from 'node:timers/promises';

export interface TryAgainParts {
  readonly signal: AbortSignal;
  /** Told of each try that failed and is made again. */
  readonly failed: (error: unknown) => void;
  /** So many at most, and then it rejects with what the last one rejected with. */
  readonly tries?: number;
}

const RETRY_MS = 100;

/** Looks at a stream again while its file or its steward cannot be reached. Rejects when the signal aborts. */
export async function tryAgain<T>(
  look: () => Promise<T>,
  { signal, failed, tries = Infinity }: TryAgainParts,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await look();
    } catch (error) {
      if (signal.aborted || attempt >= tries) throw error;
      failed(error);
      await delay(RETRY_MS, undefined, { signal });
    }
  }
}
