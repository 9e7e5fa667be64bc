import { GatewayError } from '../../src/core/model/errors.ts';
import type { DueDelivery, Outcome, Transport, TransportPolicy } from '../../src/core/ports/transport.ts';

/** What an attempt meets; `hold`: nothing, until it is aborted. */
export type Answer = Outcome | 'hold';

type Answering = (delivery: DueDelivery) => Answer | Promise<Answer>;

export interface MemoryTransport extends Transport {
  /** All attempts, oldest first. */
  readonly attempts: readonly DueDelivery[];
  /** What was taken, in order: `<address> <what>`. */
  readonly taken: readonly DueDelivery[];
  answer(next: Answering): void;
}

/** Delivers into an array. */
export function createMemoryTransport(policy: Partial<TransportPolicy> = {}, name = 'memory'): MemoryTransport {
  const attempts: DueDelivery[] = [];
  const taken: DueDelivery[] = [];
  let answer: Answering = () => ({ kind: 'sent' });
  return {
    name,
    example: `${name}:somebody`,
    policy: {
      retryMs: [5_000, 60_000],
      timeoutMs: 15_000,
      concurrency: 64,
      pauseAfterMs: 86_400_000,
      budgets: [],
      ...policy,
    },
    parseAddress(address, field) {
      if (address.startsWith(`${name}:`) && /^\w+:[a-z0-9.:-]+$/i.test(address)) return address.toLowerCase();
      throw new GatewayError('invalid_field', `${field}: memory:<name>`, { field });
    },
    async deliver(delivery, signal) {
      attempts.push(delivery);
      const outcome = await answer(delivery);
      if (outcome === 'hold') {
        await new Promise((_, reject) => {
          const give = (): void => reject(signal.reason as Error);
          if (signal.aborted) give();
          signal.addEventListener('abort', give, { once: true });
        });
      }
      if (outcome === 'hold') throw signal.reason;
      if (outcome.kind === 'sent') taken.push(delivery);
      return outcome;
    },
    attempts,
    taken,
    answer(next) {
      answer = next;
    },
  };
}
