import type { DeliveryRecord } from '../../core/model/delivery.ts';
import type { EventRecord } from '../../core/model/event.ts';
import type { EndedDelivery, FailedAttempt } from '../../core/ports/outbox-store.ts';
import {
  beginSending,
  deliveryById,
  dropDelivery,
  endSending,
  forgetFailures,
  headOfLane,
  lastProgress,
  noteFailure,
  oweAgain,
  runningAskers,
  setPart,
  waitAgain,
} from '../deliveries/delivery-queries.ts';
import { owe, toAddressee } from '../deliveries/owe.ts';
import { toDelivery } from '../deliveries/rows.ts';
import { appendEvent } from '../events/events.ts';
import { all, get, run, type Step } from '../sql/step.ts';
import { readWebhook } from '../webhooks/webhooks.ts';

// Each of these must run inside one transaction: the change and its event are written together or not at all.

export function* beginDelivery(id: string): Step<boolean> {
  return (yield* run(beginSending, { id })) > 0;
}

export function* delayDelivery(id: string, failed: FailedAttempt, now: number): Step<boolean> {
  const { error, notBefore, isUnsure, pause } = failed;
  const row = yield* get(waitAgain, { id, error, unsure: Number(isUnsure) });
  if (row === undefined) return false;
  yield* run(noteFailure, { lane: row.lane, now, notBefore, pausedAt: pause ? now : null, error });
  return true;
}

export function* endDelivery(id: string, end: EndedDelivery, now: number): Step<boolean> {
  const { state, error: why, link, messages } = end;
  const became = messages === undefined ? null : JSON.stringify(messages);
  const row = yield* get(endSending, { id, state, error: why, link, messages: became, now });
  if (row === undefined) return false;
  // One that gives something up goes on failing, as long as anything else is owed to it.
  const isOver = end.state !== 'given_up' || (yield* get(headOfLane, { lane: row.lane })) === undefined;
  if (isOver) yield* run(forgetFailures, { lane: row.lane });
  const { kind, request_id: requestId, attempts } = row;
  const error = end.state === 'sent' ? {} : { error: row.last_error };
  yield* appendEvent({
    type: `delivery.${end.state}`,
    requestId: null,
    workspace: row.workspace ?? '',
    at: now,
    data: { deliveryId: id, kind, requestId, attempts, ...error },
  });
  return true;
}

export function* keepPart(id: string, messages: readonly string[]): Step<boolean> {
  const row = yield* get(setPart, { id, messages: JSON.stringify(messages) });
  if (row === undefined) return false;
  yield* run(forgetFailures, { lane: row.lane });
  return true;
}

export function* repeatDelivery(
  id: string,
  now: number,
): Step<{ readonly delivery: DeliveryRecord; readonly repeated: boolean } | null> {
  const before = yield* get(deliveryById, { id });
  const isOrphan =
    before?.webhook_id !== undefined && before.webhook_id !== null && (yield* readWebhook(before.webhook_id)) === null;
  const owed = isOrphan ? undefined : yield* get(oweAgain, { id, now });
  if (owed !== undefined) yield* run(forgetFailures, { lane: owed.lane });
  const row = yield* get(deliveryById, { id });
  return row === undefined ? null : { delivery: toDelivery(row), repeated: owed !== undefined };
}

export function* retellProgress(requestId: string | null, now: number): Step<void> {
  for (const { id, reply_to: to } of yield* all(runningAskers, {})) {
    if (to === null || (requestId !== null && id !== requestId)) continue;
    const last = yield* get(lastProgress, { request_id: id });
    if (last?.state !== 'sent' || last.lane !== to) continue;
    const told = { requestId: id, workspace: last.workspace ?? '', type: last.event_type, at: now };
    yield* owe(
      { ...told, data: JSON.parse(last.event_data) as EventRecord['data'] },
      { to, webhookId: null },
      'progress',
    );
    // A turn of a day would leave a thousand of them: only the one whose message they change is kept.
    if (last.messages === '[]') yield* run(dropDelivery, { id: last.id });
  }
}

export function* oweTest(webhookId: string, now: number): Step<DeliveryRecord | null> {
  const webhook = yield* readWebhook(webhookId);
  if (webhook === null) return null;
  const event = { type: 'webhook.test' as const, at: now, data: { webhookId }, requestId: null, workspace: '' };
  const addressee = toAddressee(webhook);
  // Somebody says that it is worth another try.
  yield* run(forgetFailures, { lane: addressee.to });
  return toDelivery(yield* owe(event, addressee));
}
