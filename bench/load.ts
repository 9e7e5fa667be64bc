import autocannon, { type Options } from 'autocannon';

export interface Load {
  readonly perSecond: number;
  readonly p99Ms: number;
}

/** As fast as so many clients get their answers. @throws Error when one was refused. */
export async function load(options: Options, signal: AbortSignal): Promise<Load> {
  signal.throwIfAborted();
  const run = autocannon(options);
  const stop = (): void => run.stop();
  signal.addEventListener('abort', stop);
  try {
    const result = await run;
    signal.throwIfAborted();
    const refused = result.non2xx + result.errors;
    if (refused > 0) throw new Error(`${options.url}: ${refused} of ${result['2xx'] + refused} calls failed`);
    return { perSecond: result['2xx'] / result.duration, p99Ms: result.latency.p99 };
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
