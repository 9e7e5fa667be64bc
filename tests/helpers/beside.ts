/** Runs it beside a plain timer of `ms`, which is as late as the machine is busy. `lateMs`: from the timer's end to its own;
 *  negative when it was faster. */
export async function beside<T>(
  ms: number,
  run: () => Promise<T>,
): Promise<{ readonly end: T; readonly lateMs: number }> {
  const begunAt = performance.now();
  const [end, timerAt] = await Promise.all([
    run().then((value) => ({ value, at: performance.now() - begunAt })),
    new Promise<number>((resolve) => setTimeout(() => resolve(performance.now() - begunAt), ms)),
  ]);
  return { end: end.value, lateMs: end.at - timerAt };
}
