import type { DeliveryRecord } from '../../../src/core/model/delivery.ts';
import { GatewayError } from '../../../src/core/model/errors.ts';
import type { WebhookRecord } from '../../../src/core/model/webhook.ts';
import type { DeliveriesApi } from '../../../src/core/ports/gateway/deliveries.ts';
import type { WebhooksApi } from '../../../src/core/ports/gateway/webhooks.ts';
import type { Memory } from './memory.ts';

/** What is owed, as the test says it. */
export function createFakeDeliveries(memory: Memory): DeliveriesApi {
  return {
    async list({ reach: _all, ...filter }, behind, limit) {
      memory.throwIfAsked();
      const fits = (delivery: DeliveryRecord): boolean =>
        Object.entries(filter).every(([name, value]) => delivery[name as keyof DeliveryRecord] === value);
      const found = memory.deliveries.filter((delivery) => delivery.seq < (behind ?? Infinity) && fits(delivery));
      return found.toReversed().slice(0, limit);
    },
    async repeat(id) {
      memory.throwIfAsked();
      const delivery = memory.deliveries.find((known) => known.id === id);
      if (delivery === undefined) throw new GatewayError('not_found', `there is no delivery ${id}`);
      if (delivery.state !== 'refused' && delivery.state !== 'given_up') {
        throw new GatewayError('delivery_not_ended', 'This delivery has been sent');
      }
      return { ...delivery, state: 'waiting', endedAt: null };
    },
  };
}

export function createFakeWebhooks(memory: Memory): WebhooksApi {
  const webhooks = new Map<string, WebhookRecord>();

  function find(id: string): WebhookRecord {
    const webhook = webhooks.get(id);
    if (webhook === undefined) throw new GatewayError('not_found', `there is no webhook ${id}`);
    return webhook;
  }

  return {
    async create({ url, events, workspaces = null }) {
      memory.throwIfAsked();
      const secret = `whsec_${btoa('a secret of more than 24 bytes')}`;
      const secrets = [{ secret, validUntil: null }];
      const id = `whk-${webhooks.size + 1}`;
      const webhook = { id, url, events, workspaces, createdAt: Date.now(), disabledAt: null, secrets };
      webhooks.set(id, webhook);
      return { webhook, secret };
    },
    async list() {
      memory.throwIfAsked();
      return [...webhooks.values()].map((webhook) => ({ webhook, failing: null }));
    },
    async delete(id) {
      webhooks.delete(find(id).id);
    },
    async test(id) {
      return aDelivery({
        to: `webhook:${find(id).url}`,
        kind: 'test',
        webhookId: id,
        requestId: null,
        workspace: null,
      });
    },
    async rotate(id) {
      return { webhook: find(id), secret: `whsec_${btoa('another one of more than 24 bytes')}` };
    },
  };
}

export function aDelivery(more: Partial<DeliveryRecord> = {}): DeliveryRecord {
  return {
    id: 'msg_1',
    seq: 1,
    to: 'webhook:https://example.org/hook',
    kind: 'answer',
    requestId: 'req-1',
    workspace: 'demo',
    webhookId: null,
    event: { type: 'request.completed', at: 1, data: { bytes: 2 } },
    state: 'waiting',
    attempts: 0,
    nextAttemptAt: 1,
    createdAt: 1,
    owedSince: 1,
    endedAt: null,
    lastError: null,
    link: null,
    messages: [],
    ...more,
  };
}
