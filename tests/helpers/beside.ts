const ROUNDS = 3;

/** Runs it up to three times beside a plain timer, until it is over so close to it: a busy machine only adds. All that it
 *  came to, and how late the closest was. */
export async function closestBeside<T>(
  ms: number,
  withinMs: number,
  run: () => Promise<T>,
): Promise<{ readonly ends: readonly T[]; readonly lateMs: number }> {
  const ends: T[] = [];
  let closest = Infinity;
  while (ends.length < ROUNDS && Math.abs(closest) >= withinMs) {
    const { end, lateMs } = await beside(ms, run);
    ends.push(end);
    if (Math.abs(lateMs) < Math.abs(closest)) closest = lateMs;
  }
  return { ends, lateMs: closest };
}

/** Runs it beside a plain timer of `ms`, which is as late as the machine is busy. `lateMs`: from the timer's end to its own;
 *  negative when it was faster. */
async function beside<T>(ms: number, run: () => Promise<T>): Promise<{ readonly end: T; readonly lateMs: number }> {
  const begunAt = performance.now();
  const [end, timerAt] = await Promise.all([
    run().then((value) => ({ value, at: performance.now() - begunAt })),
    new Promise<number>((resolve) => setTimeout(() => resolve(performance.now() - begunAt), ms)),
  ]);
  return { end: end.value, lateMs: end.at - timerAt };
}
