import type { DeliveryRecord } from '../../core/model/delivery.ts';
import type { DeliveryDocument } from './delivery-schemas.ts';

export function toDeliveryDocument(delivery: DeliveryRecord): DeliveryDocument {
  return {
    id: delivery.id,
    to: delivery.to,
    kind: delivery.kind,
    event: delivery.event.type,
    requestId: delivery.requestId,
    workspace: delivery.workspace,
    webhookId: delivery.webhookId,
    state: delivery.state,
    attempts: delivery.attempts,
    nextAttemptAt: delivery.nextAttemptAt,
    createdAt: delivery.createdAt,
    endedAt: delivery.endedAt,
    lastError: delivery.lastError,
    link: delivery.link,
  };
}
