import { Webhook } from 'standardwebhooks';
import type { DueDelivery, Transport } from '../../core/ports/transport.ts';
import { version } from '../../lib/version.ts';
import { parseAddress, urlOf } from './address.ts';
import { toBody } from './body.ts';
import { createNetworks } from './networks.ts';
import { toFailure, toOutcome } from './outcome.ts';
import { post } from './post.ts';
import { createResolve, type Resolve } from './resolve.ts';

export interface WebhookOptions {
  /** What signs for addresses of requests, the newest first; `whsec_` and base64. */
  readonly secrets: readonly string[];
  /** CIDRs of networks that are not public and may be reached. */
  readonly allowPrivate: readonly string[];
  readonly retryMs: readonly number[];
  readonly timeoutMs: number;
  readonly pauseAfterMs: number;
  readonly now: () => number;
  readonly resolve?: Resolve;
}

const CONCURRENCY = 256;

/** Webhooks by Standard Webhooks. A repeat has the same `webhook-id` and the same body, so a receiver knows it. */
export function createWebhookTransport(options: WebhookOptions): Transport {
  const { secrets, retryMs, timeoutMs, pauseAfterMs, now, resolve = createResolve() } = options;
  const networks = createNetworks(options.allowPrivate);
  const reach = { networks, resolve };
  return {
    name: 'webhook',
    example: 'webhook:https://example.org/hook',
    policy: { retryMs, timeoutMs, pauseAfterMs, concurrency: CONCURRENCY, budgets: [] },
    parseAddress: (address, field) => parseAddress(address, field, networks),
    async deliver(delivery, signal) {
      const body = toBody(delivery);
      const headers = {
        'content-type': 'application/json',
        'user-agent': `Gatehouse/${version}`,
        ...(delivery.request?.trace && { traceparent: delivery.request.trace.traceparent }),
        ...sign(delivery, delivery.secrets ?? secrets, body, new Date(now())),
      };
      try {
        return toOutcome(await post(urlOf(delivery.to), headers, body, reach, signal), now());
      } catch (error) {
        signal.throwIfAborted();
        return toFailure(error);
      }
    },
  };
}

function sign({ id }: DueDelivery, secrets: readonly string[], body: Buffer, at: Date): Record<string, string> {
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(id, at, body)).join(' '),
  };
}
