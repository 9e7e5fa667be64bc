import { type DeliveryRecord, tellsUsage } from '../../core/model/delivery.ts';
import type { LaneHead, ToldApproval } from '../../core/ports/outbox-store.ts';
import type { Statements } from '../sql/statements.ts';
import {
  failingLane,
  headOfLane,
  lastDelivery,
  messagesOfRequest,
  owedBehind,
  owedLanes,
  provenLane,
  toldApproval,
} from './delivery-queries.ts';
import { toDelivery, toFailingLane } from './rows.ts';
import { pendingUsage } from '../spending/usage-queries.ts';

export function listOwedLanes(db: Statements, after: number): { lanes: readonly string[]; latest: number } {
  if (after === 0) {
    return { lanes: db.all(owedLanes, {}).map(({ lane }) => lane), latest: db.get(lastDelivery, {})?.seq ?? 0 };
  }
  const rows = db.all(owedBehind, { after });
  return { lanes: [...new Set(rows.map(({ lane }) => lane))], latest: rows.at(-1)?.seq ?? after };
}

export function readLaneHead(db: Statements, lane: string): LaneHead | null {
  const row = db.get(headOfLane, { lane });
  if (row === undefined) return null;
  const failing = db.get(failingLane, { lane });
  const delivery = toDelivery(row);
  return {
    delivery,
    failing: failing === undefined ? null : toFailingLane(failing),
    isProven: db.get(provenLane, { lane }) !== undefined,
    isUnsure: row.unsure === 1 || row.state === 'sending',
    isHeld: tellsUsage(delivery) && db.get(pendingUsage, { id: delivery.requestId ?? '' }) !== undefined,
  };
}

export function readEarlierMessages(db: Statements, delivery: DeliveryRecord): readonly string[] {
  const { requestId, kind, seq, to, event } = delivery;
  if (requestId === null) return [];
  const rows = db.all(messagesOfRequest, { request_id: requestId, kind, before: seq });
  // How a request gets on may be that it waits for an approval, too.
  const approvalOf = (data: DeliveryRecord['event']['data']): unknown =>
    kind === 'approval' ? (data['approvalId'] ?? null) : null;
  const same = rows.find(({ lane, messages, event_data }) => {
    const data = JSON.parse(event_data) as DeliveryRecord['event']['data'];
    return lane === to && messages !== '[]' && approvalOf(data) === approvalOf(event.data);
  });
  return same === undefined ? [] : (JSON.parse(same.messages) as readonly string[]);
}

export function isTold(db: Statements, { id, requestId }: ToldApproval, to: string): boolean {
  return db.get(toldApproval, { request_id: requestId, lane: to, approval_id: id }) !== undefined;
}
