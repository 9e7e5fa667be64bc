import { createWebhookTransport } from '../../../src/transports/webhook/webhook.ts';
import { openWebhookReceiver } from '../../helpers/webhook-receiver.ts';
import { describeTransport } from './transport.contract.ts';

const BEHAVIOURS = { take: 204, not_now: 503, refuse: 400, silent: 'silent' } as const;

describeTransport('webhooks', async () => {
  const receiver = await openWebhookReceiver();
  return {
    transport: createWebhookTransport({
      secrets: ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
      allowPrivate: ['127.0.0.0/8'],
      retryMs: [5_000],
      timeoutMs: 15_000,
      pauseAfterMs: 259_200_000,
      now: Date.now,
    }),
    to: `webhook:${receiver.url}/`,
    spelled: `webhook:${receiver.url}#there`,
    wrongAddresses: [
      'webhook:',
      'webhook:example.org',
      'webhook:ftp://example.org/',
      'webhook:https://user:secret@example.org/',
      `webhook:https://example.org/${'x'.repeat(2_048)}`,
      'webhook:https://10.0.0.1/',
      'webhook:http://example.org.:99999/',
    ],
    behave: (how) => receiver.behave(BEHAVIOURS[how]),
    received: () => receiver.received.map(({ id, body }) => ({ id, content: body })),
    close: () => receiver.close(),
  };
});
