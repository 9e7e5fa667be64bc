import type { WebhookRecord } from '../../core/model/webhook.ts';
import type { WebhookView, WebhookWithSecret } from '../../core/ports/gateway/webhooks.ts';
import type { WebhookDocument, WebhookSecretDocument } from './webhook-schemas.ts';

export function toWebhookDocument({ webhook, failing }: WebhookView): WebhookDocument {
  return {
    ...toFields(webhook),
    state: stateOf({ webhook, failing }),
    failingSince: failing?.failingSince ?? null,
    lastError: failing?.lastError ?? null,
  };
}

export function toSecretDocument({ webhook, secret }: WebhookWithSecret): WebhookSecretDocument {
  return { ...toFields(webhook), secret };
}

function toFields({ id, url, events, workspaces, createdAt }: WebhookRecord) {
  return { id, url, events: [...events], workspaces: workspaces === null ? null : [...workspaces], createdAt };
}

function stateOf({ webhook, failing }: WebhookView): WebhookDocument['state'] {
  if (webhook.disabledAt !== null) return 'disabled';
  if (failing === null) return 'active';
  return failing.pausedAt === null ? 'failing' : 'paused';
}
