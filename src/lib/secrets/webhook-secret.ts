import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { loadKept } from './kept-secret.ts';

/** A secret of Standard Webhooks. */
export function makeWebhookSecret(): string {
  return `whsec_${randomBytes(32).toString('base64')}`;
}

export function isWebhookSecret(value: string): boolean {
  const [, base64] = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(value) ?? [];
  const bytes = base64 === undefined ? 0 : Buffer.from(base64, 'base64').length;
  return bytes >= 24 && bytes <= 64;
}

/** What signs for the addresses of requests when none is configured.
 *  @throws when the data folder cannot be written, or the file holds none. */
export function loadWebhookSecret(dataDir: string) {
  const file = join(dataDir, 'webhook-secret');
  return loadKept({ file, isUsable: isWebhookSecret, what: 'webhook secret' }, makeWebhookSecret);
}
