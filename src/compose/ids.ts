import { randomBytes } from 'node:crypto';
import { makeApiKey } from '../lib/secrets/caller-key.ts';
import { makeWebhookSecret } from '../lib/secrets/webhook-secret.ts';
import type { Ids } from '../core/ports/ids.ts';

export const ids: Ids = {
  requestId: () => toId('req'),
  approvalId: () => toId('apr'),
  webhookId: () => toId('whk'),
  traceId: () => randomBytes(16).toString('hex'),
  spanId: () => randomBytes(8).toString('hex'),
  webhookSecret: makeWebhookSecret,
  apiKey: makeApiKey,
};

function toId(kind: string): string {
  return `${kind}-${Date.now().toString(36)}-${randomBytes(12).toString('base64url')}`;
}
