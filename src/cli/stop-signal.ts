// Ctrl-C below npm arrives twice at nearly the same time: from the terminal, and forwarded by npm.
const ECHO_MS = 500;

/** Aborts at the first SIGINT, SIGTERM or SIGHUP. One more, later than an echo, ends the process at once with 1.
 *  `onHangup`: whether SIGHUP was meant for something else. */
export function catchStopSignals(onHangup: () => boolean = () => false): AbortSignal {
  const stop = new AbortController();
  let firstAt = 0;
  const onSignal = (): void => {
    const now = performance.now();
    if (!stop.signal.aborted) {
      firstAt = now;
      stop.abort();
    } else if (now - firstAt > ECHO_MS) {
      process.exit(1);
    }
  };
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, onSignal);
  process.on('SIGHUP', () => void (onHangup() || onSignal()));
  return stop.signal;
}

/** Resolves when `signal` aborts, and keeps the process alive until then. */
export function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
      return;
    }
    const alive = setInterval(() => undefined, 2 ** 30);
    signal.addEventListener(
      'abort',
      () => {
        clearInterval(alive);
        resolve();
      },
      { once: true },
    );
  });
}
