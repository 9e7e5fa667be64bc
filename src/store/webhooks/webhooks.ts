import type { Selectable } from 'kysely';
import { SECRET_OVERLAP_MS, SECRETS_MAX, type WebhookRecord } from '../../core/model/webhook.ts';
import type { WebhooksTable } from '../sql/tables.ts';
import type { Statements } from '../sql/statements.ts';
import { allWebhooks, changeSecrets, insertWebhook, webhookById } from './webhook-queries.ts';

/** Must run inside one transaction. */
export function addWebhook(db: Statements, webhook: WebhookRecord): void {
  db.run(insertWebhook, {
    id: webhook.id,
    url: webhook.url,
    events: JSON.stringify(webhook.events),
    workspaces: webhook.workspaces === null ? null : JSON.stringify(webhook.workspaces),
    created_at: webhook.createdAt,
    secrets: JSON.stringify(webhook.secrets),
  });
}

export function readWebhook(db: Statements, id: string): WebhookRecord | null {
  const row = db.get(webhookById, { id });
  return row === undefined ? null : toWebhook(row);
}

export function listWebhooks(db: Statements): readonly WebhookRecord[] {
  return db.all(allWebhooks, {}).map(toWebhook);
}

/** Every secret that was the newest within the last day signs on. */
export function rotateSecret(db: Statements, id: string, secret: string, now: number): WebhookRecord | null {
  const known = readWebhook(db, id);
  if (known === null) return null;
  const before = known.secrets
    .map((old) => ({ ...old, validUntil: old.validUntil ?? now + SECRET_OVERLAP_MS }))
    .filter(({ validUntil }) => validUntil > now)
    .slice(0, SECRETS_MAX - 1);
  return replaceSecrets(db, id, [{ secret, validUntil: null }, ...before]);
}

function replaceSecrets(db: Statements, id: string, secrets: WebhookRecord['secrets']): WebhookRecord | null {
  const row = db.get(changeSecrets, { id, secrets: JSON.stringify(secrets) });
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
