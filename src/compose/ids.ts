import { randomBytes } from 'node:crypto';
import { makeApiKey } from '../lib/secrets/caller-key.ts';
import { makeWebhookSecret } from '../lib/secrets/webhook-secret.ts';
import type { Ids } from '../core/ports/ids.ts';

export const ids: Ids = {
  requestId: () => toId('req'),
  approvalId: () => toId('apr'),
  webhookId: () => toId('whk'),
  traceId: () => takeRandom(16).toString('hex'),
  spanId: () => takeRandom(8).toString('hex'),
  webhookSecret: makeWebhookSecret,
  apiKey: makeApiKey,
};

function toId(kind: string): string {
  return `${kind}-${Date.now().toString(36)}-${takeRandom(12).toString('base64url')}`;
}

/** What no id has taken yet: to ask the system for each id takes longer than all else that makes one. */
let unused = Buffer.alloc(0);
const AT_ONCE = 4_096;

function takeRandom(bytes: number): Buffer {
  if (unused.length < bytes) unused = randomBytes(AT_ONCE);
  const taken = unused.subarray(0, bytes);
  unused = unused.subarray(bytes);
  return taken;
}
