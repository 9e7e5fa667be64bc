/** True when the promise settles in time, false when the time is over or the signal aborts. The timer is gone either way. */
export async function settlesWithin(promise: Promise<unknown>, ms: number, signal: AbortSignal): Promise<boolean> {
  const late = Promise.withResolvers<boolean>();
  const giveUp = (): void => late.resolve(false);
  const timer = setTimeout(giveUp, signal.aborted ? 0 : ms);
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    return await Promise.race([promise.then(() => true), late.promise]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', giveUp);
  }
}
