import type { DeliveryRecord } from '../../src/core/model/delivery.ts';
import type { DueDelivery, Outcome, Transport } from '../../src/core/ports/transport.ts';

/** As the outbox does it: one attempt for each message. `note` gets what the delivery has become, each time. */
export async function deliverWhole(
  transport: Pick<Transport, 'deliver'>,
  delivery: DueDelivery,
  signal: AbortSignal,
  note: (messages: readonly string[]) => void = () => {},
): Promise<Outcome> {
  let due = delivery;
  for (;;) {
    const outcome = await transport.deliver(due, signal);
    if ('messages' in outcome && outcome.messages !== undefined) note(outcome.messages);
    if (outcome.kind !== 'part') return outcome;
    due = { ...due, messages: outcome.messages, isUnsure: false };
  }
}

/** What an outbox adds to a delivery that tells of nothing. */
export const NOTHING: Omit<DueDelivery, keyof DeliveryRecord> = {
  request: null,
  approval: null,
  isUnsure: false,
  earlier: [],
  secrets: null,
  readFile: async () => ({ kind: 'refused', why: 'is not there' }),
};
