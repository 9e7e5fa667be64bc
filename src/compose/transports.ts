import type { Config } from '../config/config.ts';
import type { Log } from '../core/ports/log.ts';
import type { Transport } from '../core/ports/transport.ts';
import { createFileTransport } from '../inbox/file-transport.ts';
import type { ResponseFiles } from '../inbox/response-files.ts';
import { loadWebhookSecret } from '../lib/secrets/webhook-secret.ts';
import { createWebhookTransport } from '../transports/webhook/webhook.ts';
import type { ChatNetwork } from '../core/ports/gateway/chats.ts';
import type { Meter } from '../metrics/metrics.ts';
import { clock } from './clock.ts';
import { measuredTransport } from './metrics/measured.ts';

export interface TransportsPlace {
  readonly config: Config;
  readonly dataDir: string;
  readonly log: Log;
  /** Null: answers are read by their ids only. */
  readonly responseFiles: ResponseFiles | null;
  readonly chats: readonly ChatNetwork[];
  /** Null: there are none. */
  readonly hooks: Transport | null;
  readonly metrics: Meter;
}

/** What the gateway delivers by, each by its name. */
export async function openTransports(place: TransportsPlace): Promise<ReadonlyMap<string, Transport>> {
  const { config, dataDir, log, responseFiles, chats, hooks, metrics } = place;
  const { secrets, ...webhooks } = config.webhooks;
  const webhook = createWebhookTransport({
    ...webhooks,
    secrets: secrets ?? (await loadSecret(dataDir, log)),
    pauseAfterMs: config.deliveries.pauseAfterMs,
    now: clock.now,
  });
  const files = responseFiles === null ? [] : [createFileTransport(responseFiles)];
  const networks = chats.map(({ transport }) => transport);
  return new Map(
    [webhook, ...files, ...networks, ...(hooks === null ? [] : [hooks])].map((transport) => [
      transport.name,
      measuredTransport(transport, metrics),
    ]),
  );
}

/** The log only ever gets its place. */
async function loadSecret(dataDir: string, log: Log): Promise<readonly string[]> {
  const { secret, source } = await loadWebhookSecret(dataDir);
  if (source === 'generated') log.info({ file: `${dataDir}/webhook-secret` }, 'webhook_secret.generated');
  return [secret];
}
