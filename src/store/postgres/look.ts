const PAUSE_MS = 2_000;

/** Asks now and then for the number of the last event, and tells when it is another one: a word that was lost costs no
 *  more than a while. The returned function ends it. */
export function lookNowAndThen(readLast: () => Promise<number>, tell: () => void): () => void {
  let last: number | null = null;
  let isLooking = false;
  const look = async (): Promise<void> => {
    if (isLooking) return;
    isLooking = true;
    try {
      const found = await readLast();
      if (last !== null && found !== last) tell();
      last = found;
    } catch {
      // It is away, which others tell of: the next look may find it again.
    } finally {
      isLooking = false;
    }
  };
  const timer = setInterval(() => void look(), PAUSE_MS);
  timer.unref();
  return () => clearInterval(timer);
}
