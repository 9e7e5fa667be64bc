import { randomBytes } from 'node:crypto';
import {
  type DeliveredEvent,
  type DeliveryKind,
  isChatAddress,
  rankOf,
  transportOf,
} from '../../core/model/delivery.ts';
import { endsRequest, type EventRecord } from '../../core/model/event.ts';
import { type HookRecord, isHookFor, toHookAddress } from '../../core/model/hooks/hook.ts';
import type { Reason } from '../../core/model/request.ts';
import { toWebhookAddress, wantsEvent, type WebhookRecord } from '../../core/model/webhook.ts';
import type { DeliveryRow } from './rows.ts';
import { listHooks } from '../hooks/hooks.ts';
import { all, get, returned, run, type Step } from '../sql/step.ts';
import type { RequestsTable } from '../sql/tables.ts';
import { activeWebhooks } from '../webhooks/webhook-queries.ts';
import { toWebhook } from '../webhooks/webhooks.ts';
import {
  askerOf,
  dropUnattended,
  insertDelivery,
  refreshProgress,
  scopeOf,
  unattendedFile,
} from './delivery-queries.ts';

/** An event, whatever its number is. */
type Unnumbered = Omit<EventRecord, 'seq'>;

/** Who asked for a request: where its answer goes, and where it came in. */
export type Asker = Pick<RequestsTable, 'reply_to' | 'source'>;

/** What an event makes owed: its request's end to the address that it names, and whatever subscriptions ask for.
 *  Must run in the transaction that appends the event. `asker` is looked up where it is not given. */
export function* oweFor(event: Unnumbered, asker?: Asker): Step<void> {
  if (event.requestId !== null) yield* oweToAsker(event, event.requestId, asker);
  if (endsRequest(event)) yield* oweHooks(event);
  if (!wantsEvent(event.type)) return;
  for (const webhook of (yield* all(activeWebhooks, {})).map(toWebhook)) {
    if (isFor(webhook, event)) yield* owe(event, toAddressee(webhook));
  }
}

/** An address gets the end; a thread of a chat is told all along, too. */
function* oweToAsker(event: Unnumbered, requestId: string, known: Asker | undefined): Step<void> {
  const isEnd = endsRequest(event);
  if (!isEnd && !TOLD_IN_CHAT.has(event.type)) return;
  const { reply_to: to = null, source } = known ?? (yield* get(askerOf, { id: requestId })) ?? {};
  if (isEnd) yield* oweFile(event);
  if (to === null) return;
  const addressee = { to, webhookId: null };
  if (isSilent(event) && isChatAddress(to)) return yield* oweProgress(event, addressee);
  if (isEnd || (isChatAddress(to) && event.type.startsWith('approval.'))) yield* owe(event, addressee);
  if (!isChatAddress(to)) return;
  if (event.type === 'request.queued' && source !== transportOf(to)) yield* owe(event, addressee, 'prompt');
  yield* oweProgress(event, addressee);
}

/** What of a request is told in its thread. */
const TOLD_IN_CHAT: ReadonlySet<EventRecord['type']> = new Set<EventRecord['type']>([
  'request.queued',
  'request.moved',
  'request.started',
  'request.working',
  'request.requeued',
  'tool.started',
  'approval.opened',
  'approval.allowed',
  'approval.denied',
  'approval.expired',
]);

/** One at a time: what has not gone out yet tells of the latest instead. */
function* oweProgress(event: Unnumbered, addressee: Addressee): Step<void> {
  const latest = { event_type: event.type, event_at: event.at, event_data: JSON.stringify(event.data) };
  if ((yield* run(refreshProgress, { request_id: event.requestId ?? '', ...latest })) > 0) return;
  yield* owe(event, addressee, 'progress');
}

/** Its thread is not told why it ended; a message there that says how it gets on is taken back. */
function isSilent({ data }: Unnumbered): boolean {
  return data['silent'] === true;
}

/** Hooks are told of an error before they are told of the end, each in its own lane. Of what one of them denied they are
 *  told nothing. */
function* oweHooks(event: Unnumbered): Step<void> {
  if (event.data['reason'] === ('hook_denied' satisfies Reason)) return;
  const hooks = yield* listHooks();
  const scope = hooks.length === 0 ? undefined : yield* get(scopeOf, { id: event.requestId ?? '' });
  if (scope === undefined) return;
  const isError = event.type === 'request.failed' || event.type === 'request.timed_out';
  for (const told of isError ? (['on_error', 'post_session'] as const) : (['post_session'] as const)) {
    for (const hook of hooks.filter((one) => isHookFor(one, told, scope))) {
      yield* owe({ ...event, data: { ...event.data, hook: told } }, toHookAddressee(hook), 'hook');
    }
  }
}

function toHookAddressee({ name }: HookRecord): Addressee {
  return { to: toHookAddress(name), webhookId: null };
}

/** The answer as a response file, once nobody waits for it at a connection. */
export function* oweFile(end: Told): Step<void> {
  const owed = yield* get(unattendedFile, { id: end.requestId ?? '' });
  if (owed === undefined) return;
  yield* run(dropUnattended, { id: end.requestId ?? '' });
  yield* owe(end, { to: `file:${owed.file}`, webhookId: null });
}

/** What befalls an agent is told to all. */
function isFor({ events, workspaces }: WebhookRecord, { type, workspace }: Unnumbered): boolean {
  if (!(events as readonly string[]).includes(type)) return false;
  return workspaces === null || workspace === '' || workspaces.includes(workspace);
}

export interface Addressee {
  readonly to: string;
  readonly webhookId: string | null;
}

export function toAddressee({ id, url }: WebhookRecord): Addressee {
  return { to: toWebhookAddress(url), webhookId: id };
}

type Told = Pick<EventRecord, 'requestId' | 'workspace'> & DeliveredEvent;

export function* owe(
  event: Told,
  { to, webhookId }: Addressee,
  kind: DeliveryKind = kindOf(event.type),
): Step<DeliveryRow> {
  const row = returned(
    yield* get(insertDelivery, {
      id: toId(event.at),
      lane: to,
      kind,
      rank: rankOf(kind, to),
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
