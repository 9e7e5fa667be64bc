import type { DeliveryRecord, DeliveryState } from '../../model/delivery.ts';
import { GatewayError } from '../../model/errors.ts';
import type { DeliveriesApi } from '../../ports/gateway/deliveries.ts';
import type { OutboxStore } from '../../ports/outbox-store.ts';
import type { FlowParts } from '../parts.ts';
import type { Outbox } from './outbox.ts';

export interface DeliveriesDeps {
  readonly parts: Pick<FlowParts, 'store' | 'clock'>;
  readonly outbox: Pick<Outbox, 'wake'>;
}

/** Why it is not owed again. */
const WHY_NOT: Readonly<Record<DeliveryState, string>> = {
  waiting: 'is still owed, and tried by itself',
  sending: 'is under way',
  sent: 'has been sent: only what was refused or given up is repeated',
  refused: 'is of a webhook that was deleted: nothing more is owed to it',
  given_up: 'is of a webhook that was deleted: nothing more is owed to it',
};

export function createDeliveries({ parts: { store, clock }, outbox }: DeliveriesDeps): DeliveriesApi {
  return {
    list: (filter, behind, limit) => store.listDeliveries(filter, behind, limit),
    async repeat(id) {
      const found = await store.repeatDelivery(id, clock.now());
      if (found === null) throw unknownDelivery(id);
      const { delivery, repeated } = found;
      if (!repeated) {
        throw new GatewayError('delivery_not_ended', `This delivery ${WHY_NOT[delivery.state]}`);
      }
      outbox.wake(delivery.to);
      return delivery;
    },
  };
}

/** @throws GatewayError `not_found` */
export async function requireDelivery(store: Pick<OutboxStore, 'readDelivery'>, id: string): Promise<DeliveryRecord> {
  const delivery = await store.readDelivery(id);
  if (delivery === null) throw unknownDelivery(id);
  return delivery;
}

export function unknownDelivery(id: string): GatewayError {
  return new GatewayError('not_found', `Delivery not found: ${id}`);
}
