import { type DeliveryRecord, type FailingLane, tellsUsage } from '../../core/model/delivery.ts';
import type { LaneHead, ToldApproval } from '../../core/ports/outbox-store.ts';
import { all, get, type Step } from '../sql/step.ts';
import {
  failingLane,
  failingLanes,
  headOfLane,
  lastDelivery,
  messagesOfRequest,
  owedBehind,
  owedCount,
  owedLanes,
  provenLane,
  toldApproval,
} from './delivery-queries.ts';
import { toDelivery, toFailingLane } from './rows.ts';
import { pendingUsage } from '../spending/usage-queries.ts';

export function* listOwedLanes(after: number): Step<{ lanes: readonly string[]; latest: number }> {
  if (after === 0) {
    return {
      lanes: (yield* all(owedLanes, {})).map(({ lane }) => lane),
      latest: (yield* get(lastDelivery, {}))?.seq ?? 0,
    };
  }
  const rows = yield* all(owedBehind, { after });
  return { lanes: [...new Set(rows.map(({ lane }) => lane))], latest: rows.at(-1)?.seq ?? after };
}

export function* readLaneHead(lane: string): Step<LaneHead | null> {
  const row = yield* get(headOfLane, { lane });
  if (row === undefined) return null;
  const failing = yield* get(failingLane, { lane });
  const delivery = toDelivery(row);
  return {
    delivery,
    failing: failing === undefined ? null : toFailingLane(failing),
    isProven: (yield* get(provenLane, { lane })) !== undefined,
    isUnsure: row.unsure === 1 || row.state === 'sending',
    isHeld: tellsUsage(delivery) && (yield* get(pendingUsage, { id: delivery.requestId ?? '' })) !== undefined,
  };
}

export function* readEarlierMessages(delivery: DeliveryRecord): Step<readonly string[]> {
  const { requestId, kind, seq, to, event } = delivery;
  if (requestId === null) return [];
  const rows = yield* all(messagesOfRequest, { request_id: requestId, kind, before: seq });
  // How a request gets on may be that it waits for an approval, too.
  const approvalOf = (data: DeliveryRecord['event']['data']): unknown =>
    kind === 'approval' ? (data['approvalId'] ?? null) : null;
  const same = rows.find(({ lane, messages, event_data }) => {
    const data = JSON.parse(event_data) as DeliveryRecord['event']['data'];
    return lane === to && messages !== '[]' && approvalOf(data) === approvalOf(event.data);
  });
  return same === undefined ? [] : (JSON.parse(same.messages) as readonly string[]);
}

export function* isTold({ id, requestId }: ToldApproval, to: string): Step<boolean> {
  return (yield* get(toldApproval, { request_id: requestId, lane: to, approval_id: id })) !== undefined;
}

export function* listFailingLanes(limit: number): Step<readonly FailingLane[]> {
  return (yield* all(failingLanes, { limit })).map(toFailingLane);
}

export function* countOwed(): Step<number> {
  return (yield* get(owedCount, {}))?.count ?? 0;
}
