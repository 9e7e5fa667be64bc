import type { Selectable } from 'kysely';
import type { Who } from '../../core/model/audit/audit.ts';
import { SECRET_OVERLAP_MS, SECRETS_MAX, type WebhookRecord } from '../../core/model/webhook.ts';
import { noteAudit } from '../audit/audit.ts';
import type { WebhooksTable } from '../sql/tables.ts';
import { all, get, run, type Step } from '../sql/step.ts';
import { allWebhooks, changeSecrets, insertWebhook, webhookById } from './webhook-queries.ts';

/** Must run inside one transaction. */
export function* addWebhook(webhook: WebhookRecord, who?: Who): Step<void> {
  yield* noteWebhook('created', webhook, webhook.createdAt, who);
  yield* run(insertWebhook, {
    id: webhook.id,
    url: webhook.url,
    events: JSON.stringify(webhook.events),
    workspaces: webhook.workspaces === null ? null : JSON.stringify(webhook.workspaces),
    created_at: webhook.createdAt,
    secrets: JSON.stringify(webhook.secrets),
  });
}

export function* readWebhook(id: string): Step<WebhookRecord | null> {
  const row = yield* get(webhookById, { id });
  return row === undefined ? null : toWebhook(row);
}

export function* listWebhooks(): Step<readonly WebhookRecord[]> {
  return (yield* all(allWebhooks, {})).map(toWebhook);
}

/** Every secret that was the newest within the last day signs on. */
export function* rotateSecret(id: string, secret: string, now: number, who?: Who): Step<WebhookRecord | null> {
  const known = yield* readWebhook(id);
  if (known === null) return null;
  yield* noteWebhook('rotated', known, now, who);
  const before = known.secrets
    .map((old) => ({ ...old, validUntil: old.validUntil ?? now + SECRET_OVERLAP_MS }))
    .filter(({ validUntil }) => validUntil > now)
    .slice(0, SECRETS_MAX - 1);
  return yield* replaceSecrets(id, [{ secret, validUntil: null }, ...before]);
}

/** Without its URL, which may hold a secret of its receiver. */
export function* noteWebhook(
  what: 'created' | 'rotated' | 'deleted',
  { id, url }: Pick<WebhookRecord, 'id' | 'url'>,
  at: number,
  who: Who | undefined,
): Step<void> {
  if (who === undefined) return;
  const detail = { host: URL.parse(url)?.host ?? null };
  yield* noteAudit({ at, who, action: `webhook.${what}`, workspace: null, subject: id, detail });
}

function* replaceSecrets(id: string, secrets: WebhookRecord['secrets']): Step<WebhookRecord | null> {
  const row = yield* get(changeSecrets, { id, secrets: JSON.stringify(secrets) });
  return row === undefined ? null : toWebhook(row);
}

export function toWebhook(row: Selectable<WebhooksTable>): WebhookRecord {
  return {
    id: row.id,
    url: row.url,
    events: JSON.parse(row.events) as WebhookRecord['events'],
    workspaces: row.workspaces === null ? null : (JSON.parse(row.workspaces) as readonly string[]),
    createdAt: row.created_at,
    disabledAt: row.disabled_at,
    secrets: JSON.parse(row.secrets) as WebhookRecord['secrets'],
  };
}
