import type { Transport } from '../../ports/transport.ts';

/** Stands in for a transport that is not configured now: what is owed to its addresses waits for one until it is
 *  given up. */
export function createMissingTransport(name: string): Transport {
  return {
    name,
    example: null,
    policy: { retryMs: [60_000], timeoutMs: 60_000, concurrency: 1_000, pauseAfterMs: Infinity, budgets: [] },
    parseAddress: (address) => address,
    deliver: async () => ({ kind: 'retry', error: `no ${name} is configured here` }),
  };
}
