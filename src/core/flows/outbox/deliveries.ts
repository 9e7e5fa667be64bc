import { GatewayError } from '../../model/errors.ts';
import type { DeliveriesApi } from '../../ports/gateway/deliveries.ts';
import type { FlowParts } from '../parts.ts';
import type { Outbox } from './outbox.ts';

export interface DeliveriesDeps {
  readonly parts: Pick<FlowParts, 'store' | 'clock'>;
  readonly outbox: Pick<Outbox, 'wake'>;
}

export function createDeliveries({ parts: { store, clock }, outbox }: DeliveriesDeps): DeliveriesApi {
  return {
    list: (filter, behind, limit) => store.listDeliveries(filter, behind, limit),
    async repeat(id) {
      const found = await store.repeatDelivery(id, clock.now());
      if (found === null) throw new GatewayError('not_found', `Delivery not found: ${id}`);
      const { delivery, repeated } = found;
      if (!repeated) {
        const how = delivery.state === 'sent' ? 'has been sent' : 'is still owed, and tried by itself';
        throw new GatewayError(
          'delivery_not_ended',
          `This delivery ${how}: only what was refused or given up is repeated`,
        );
      }
      outbox.wake(delivery.to);
      return delivery;
    },
  };
}
