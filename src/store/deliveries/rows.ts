import type { Selectable } from 'kysely';
import type { DeliveryRecord, FailingLane } from '../../core/model/delivery.ts';
import type { DeliveriesTable, FailingLanesTable } from '../sql/tables.ts';

export type DeliveryRow = Selectable<DeliveriesTable> & {
  /** Of its lane; null while that does not fail. */
  readonly not_before: number | null;
};

export function toDelivery(row: DeliveryRow): DeliveryRecord {
  return {
    id: row.id,
    seq: row.seq,
    to: row.lane,
    kind: row.kind,
    requestId: row.request_id,
    workspace: row.workspace,
    webhookId: row.webhook_id,
    event: {
      type: row.event_type,
      at: row.event_at,
      data: JSON.parse(row.event_data) as DeliveryRecord['event']['data'],
    },
    state: row.state,
    attempts: row.attempts,
    nextAttemptAt: row.ended_at === null ? Math.max(row.owed_since, row.not_before ?? 0) : null,
    createdAt: row.created_at,
    owedSince: row.owed_since,
    endedAt: row.ended_at,
    lastError: row.last_error,
    link: row.link,
    messages: JSON.parse(row.messages) as readonly string[],
  };
}

export function toFailingLane(row: Selectable<FailingLanesTable>): FailingLane {
  return {
    lane: row.lane,
    failures: row.failures,
    failingSince: row.failing_since,
    notBefore: row.not_before,
    pausedAt: row.paused_at,
    lastError: row.last_error,
  };
}
