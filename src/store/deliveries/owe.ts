import { randomBytes } from 'node:crypto';
import { type DeliveredEvent, type DeliveryKind, rankOf } from '../../core/model/delivery.ts';
import { endsRequest, type EventRecord } from '../../core/model/event.ts';
import { wantsEvent, type WebhookRecord } from '../../core/model/webhook.ts';
import type { DeliveryRow } from './rows.ts';
import { returned, type Statements } from '../sql/statements.ts';
import { activeWebhooks } from '../webhooks/webhook-queries.ts';
import { toWebhook } from '../webhooks/webhooks.ts';
import { dropUnattended, insertDelivery, replyToOf, unattendedFile } from './delivery-queries.ts';

/** What an event makes owed: its request's end to the address that it names, and whatever subscriptions ask for.
 *  Must run in the transaction that appends the event. */
export function oweFor(db: Statements, event: EventRecord): void {
  if (event.requestId !== null && endsRequest(event)) {
    const to = db.get(replyToOf, { id: event.requestId })?.reply_to ?? null;
    if (to !== null) owe(db, event, { to, webhookId: null });
    oweFile(db, event);
  }
  if (!wantsEvent(event.type)) return;
  for (const webhook of db.all(activeWebhooks, {}).map(toWebhook)) {
    if (isFor(webhook, event)) owe(db, event, toAddressee(webhook));
  }
}

/** The answer as a response file, once nobody waits for it at a connection. */
export function oweFile(db: Statements, end: Told): void {
  const owed = db.get(unattendedFile, { id: end.requestId ?? '' });
  if (owed === undefined) return;
  db.run(dropUnattended, { id: end.requestId ?? '' });
  owe(db, end, { to: `file:${owed.file}`, webhookId: null });
}

/** What befalls an agent is told to all. */
function isFor({ events, workspaces }: WebhookRecord, { type, workspace }: EventRecord): boolean {
  if (!(events as readonly string[]).includes(type)) return false;
  return workspaces === null || workspace === '' || workspaces.includes(workspace);
}

export interface Addressee {
  readonly to: string;
  readonly webhookId: string | null;
}

export function toAddressee({ id, url }: WebhookRecord): Addressee {
  return { to: `webhook:${url}`, webhookId: id };
}

type Told = Pick<EventRecord, 'requestId' | 'workspace'> & DeliveredEvent;

export function owe(db: Statements, event: Told, { to, webhookId }: Addressee): DeliveryRow {
  const kind = kindOf(event.type);
  const row = returned(
    db.get(insertDelivery, {
      id: toId(event.at),
      lane: to,
      kind,
      rank: rankOf(kind),
      request_id: event.requestId,
      workspace: event.workspace === '' ? null : event.workspace,
      webhook_id: webhookId,
      event_type: event.type,
      event_at: event.at,
      event_data: JSON.stringify(event.data),
    }),
  );
  return { ...row, not_before: null };
}

function kindOf(type: DeliveredEvent['type']): DeliveryKind {
  if (type === 'webhook.test') return 'test';
  if (type.startsWith('request.')) return 'answer';
  return type.startsWith('approval.') ? 'approval' : 'notice';
}

/** `msg_` is what Standard Webhooks has its ids begin with. */
function toId(at: number): string {
  return `msg_${at.toString(36)}${randomBytes(15).toString('hex')}`;
}
