import type { DeliveryRecord } from '../../core/model/delivery.ts';
import type { DeliveryFilter, LaneHead } from '../../core/ports/outbox-store.ts';
import type { Statements } from '../sql/statements.ts';
import {
  failingLane,
  headOfLane,
  lastDelivery,
  messagesOfRequest,
  type ListArgs,
  listBy,
  owedBehind,
  owedLanes,
} from './delivery-queries.ts';
import { toDelivery, toFailingLane } from './rows.ts';

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
  return {
    delivery: toDelivery(row),
    failing: failing === undefined ? null : toFailingLane(failing),
    isUnsure: row.unsure === 1 || row.state === 'sending',
  };
}

export function readEarlierMessages(db: Statements, delivery: DeliveryRecord): readonly string[] {
  const { requestId, kind, seq, to, event } = delivery;
  if (requestId === null) return [];
  const rows = db.all(messagesOfRequest, { request_id: requestId, kind, before: seq });
  const approvalOf = (data: DeliveryRecord['event']['data']): unknown => data['approvalId'] ?? null;
  const same = rows.find(({ lane, messages, event_data }) => {
    const data = JSON.parse(event_data) as DeliveryRecord['event']['data'];
    return lane === to && messages !== '[]' && approvalOf(data) === approvalOf(event.data);
  });
  return same === undefined ? [] : (JSON.parse(same.messages) as readonly string[]);
}

const COLUMNS = {
  state: 'state',
  kind: 'kind',
  to: 'lane',
  requestId: 'request_id',
  workspace: 'workspace',
  webhookId: 'webhook_id',
} as const satisfies Record<keyof DeliveryFilter, keyof ListArgs>;

/** One query for each set of filters, made when it is first asked for. */
const lists = new Map<string, ReturnType<typeof listBy>>();

export function listDeliveries(
  db: Statements,
  filter: DeliveryFilter,
  behind: number | null,
  limit: number,
): readonly DeliveryRecord[] {
  const names = Object.keys(COLUMNS) as (keyof typeof COLUMNS)[];
  const columns = names.filter((name) => filter[name] !== undefined).map((name) => COLUMNS[name]);
  const key = columns.join(' ');
  const list = lists.get(key) ?? listBy(columns);
  lists.set(key, list);
  return db
    .all(list, {
      // What is not named is not in the query either.
      state: filter.state ?? 'waiting',
      kind: filter.kind ?? 'answer',
      lane: filter.to ?? '',
      request_id: filter.requestId ?? '',
      workspace: filter.workspace ?? '',
      webhook_id: filter.webhookId ?? '',
      behind: behind ?? Number.MAX_SAFE_INTEGER,
      limit,
    })
    .map(toDelivery);
}
