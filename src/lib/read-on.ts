import { setTimeout as delay } from 'node:timers/promises';

/** A log with numbers that rise, from which one reader takes each entry once, also when the log cannot be read for a
 *  while. */
export interface ReadOnParts<T extends { readonly seq: number }> {
  /** The number of its last entry. */
  readonly readLast: () => Promise<number>;
  /** What comes behind a number, as it comes. Null: nothing ever will. */
  readonly follow: (after: number, signal: AbortSignal) => Promise<AsyncIterable<readonly T[]> | null>;
  /** One that rejects comes again. */
  readonly take: (entry: T) => Promise<void>;
  /** It could not be read, or taken. */
  readonly failed: (error: unknown) => void;
  /** What is behind the number is no longer kept: it goes on with what comes then. */
  readonly isGone: (error: unknown) => boolean;
}

const AGAIN_MS = 1_000;

/** Begins with what comes from now on; resolves when it has begun, with the end of it, which the signal brings. */
export async function readOn<T extends { readonly seq: number }>(
  { readLast, follow, take, failed, isGone }: ReadOnParts<T>,
  signal: AbortSignal,
): Promise<{ readonly over: Promise<void> }> {
  let last: number | null = await readLast();
  let batches = await follow(last, signal);
  const go = async (): Promise<void> => {
    for (;;) {
      try {
        last ??= await readLast();
        batches ??= await follow(last, signal);
        for await (const batch of batches ?? []) {
          for (const entry of batch) {
            await take(entry);
            last = entry.seq;
          }
        }
        return;
      } catch (error) {
        batches = null;
        if (isGone(error)) last = null;
        failed(error);
        await delay(AGAIN_MS, undefined, { signal });
      }
    }
  };
  return { over: go().catch(() => {}) }; // the signal
}
