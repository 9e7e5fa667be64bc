/** What the promise resolves with; null when the signal aborts before. */
export function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T | null> {
  const aborted = Promise.withResolvers<null>();
  const give = (): void => aborted.resolve(null);
  if (signal.aborted) give();
  signal.addEventListener('abort', give, { once: true });
  return Promise.race([promise, aborted.promise]).finally(() => signal.removeEventListener('abort', give));
}
