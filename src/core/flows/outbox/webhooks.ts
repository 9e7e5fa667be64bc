import { GatewayError } from '../../model/errors.ts';
import { toWebhookAddress, WEBHOOK_PREFIX, type WebhookRecord } from '../../model/webhook.ts';
import { checkWorkspaceName } from '../../model/workspace.ts';
import type { WebhooksApi, WebhookWish } from '../../ports/gateway/webhooks.ts';
import type { FlowParts } from '../parts.ts';
import type { Outbox } from './outbox.ts';

export interface WebhooksDeps {
  readonly parts: Pick<FlowParts, 'store' | 'clock' | 'ids' | 'transports'>;
  readonly outbox: Pick<Outbox, 'wake'>;
}

/** Each is looked at for every event that one may ask for. */
const WEBHOOKS_MAX = 100;
const LANES_MAX = 10_000;

export function createWebhooks({ parts, outbox }: WebhooksDeps): WebhooksApi {
  const { store, clock, ids } = parts;
  return {
    async create(wish, who) {
      const url = checkUrl(parts, wish);
      for (const workspace of wish.workspaces ?? []) checkWorkspaceName(workspace, 'workspaces');
      if ((await store.listWebhooks()).length >= WEBHOOKS_MAX) throw tooMany();
      const secret = ids.webhookSecret();
      const webhook: WebhookRecord = {
        id: ids.webhookId(),
        url,
        events: [...new Set(wish.events)],
        workspaces: wish.workspaces === undefined ? null : [...new Set(wish.workspaces)],
        createdAt: clock.now(),
        disabledAt: null,
        secrets: [{ secret, validUntil: null }],
      };
      await store.addWebhook(webhook, who);
      return { webhook, secret };
    },
    async list() {
      const failing = new Map((await store.listFailingLanes(LANES_MAX)).map((lane) => [lane.lane, lane]));
      const webhooks = await store.listWebhooks();
      return webhooks.map((webhook) => ({ webhook, failing: failing.get(laneOf(webhook)) ?? null }));
    },
    async delete(id, who) {
      const webhook = await store.readWebhook(id);
      if (webhook === null || !(await store.deleteWebhook(id, clock.now(), who))) throw unknown(id);
      // What others owe to the same address is due: see `refusals.ts`.
      outbox.wake(laneOf(webhook));
    },
    async test(id) {
      const delivery = await store.oweTest(id, clock.now());
      if (delivery === null) throw unknown(id);
      outbox.wake(delivery.to);
      return delivery;
    },
    async rotate(id, who) {
      const secret = ids.webhookSecret();
      const webhook = await store.rotateSecret(id, secret, clock.now(), who);
      if (webhook === null) throw unknown(id);
      return { webhook, secret };
    },
  };
}

function laneOf({ url }: WebhookRecord): string {
  return toWebhookAddress(url);
}

function checkUrl({ transports }: Pick<FlowParts, 'transports'>, { url }: WebhookWish): string {
  const address = toWebhookAddress(url);
  return (transports.get('webhook')?.parseAddress(address, 'url') ?? address).slice(WEBHOOK_PREFIX.length);
}

function unknown(id: string): GatewayError {
  return new GatewayError('not_found', `Webhook not found: ${id}`);
}

function tooMany(): GatewayError {
  return new GatewayError('too_many_webhooks', `There are ${WEBHOOKS_MAX} webhooks: delete one that is not needed`);
}
