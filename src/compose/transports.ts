import type { Config } from '../config/config.ts';
import type { Log } from '../core/ports/log.ts';
import type { Transport } from '../core/ports/transport.ts';
import { loadWebhookSecret } from '../lib/webhook-secret.ts';
import { createWebhookTransport } from '../transports/webhook/webhook.ts';
import { clock } from './clock.ts';

/** What the gateway delivers by, each by its name. */
export async function openTransports(
  config: Config,
  dataDir: string,
  log: Log,
): Promise<ReadonlyMap<string, Transport>> {
  const { secrets, ...webhooks } = config.webhooks;
  const webhook = createWebhookTransport({
    ...webhooks,
    secrets: secrets ?? (await loadSecret(dataDir, log)),
    pauseAfterMs: config.deliveries.pauseAfterMs,
    now: clock.now,
  });
  return new Map([[webhook.name, webhook]]);
}

/** The log only ever gets its place. */
async function loadSecret(dataDir: string, log: Log): Promise<readonly string[]> {
  const { secret, source } = await loadWebhookSecret(dataDir);
  if (source === 'generated') log.info({ file: `${dataDir}/webhook-secret` }, 'webhook_secret.generated');
  return [secret];
}
