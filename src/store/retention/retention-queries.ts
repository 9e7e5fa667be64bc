import { sql } from 'kysely';
import { build, query } from '../sql/query.ts';

type Id = { readonly id: string };
type Batch = { readonly limit: number };

/** A few of the oldest that may go, behind a place. What stays is few, so that the walk is short. */
export const forgettable = query<Batch & { endedBefore: number; keysBefore: number; createdAt: number; seq: number }>()(
  (arg) =>
    build
      .selectFrom('requests')
      .select(['id', 'seq', 'created_at', 'completed_at'])
      .where('created_at', '>=', arg('createdAt'))
      .where(sql<boolean>`(created_at > ${arg('createdAt')} or seq > ${arg('seq')})`)
      // It ends the walk; the end alone would not.
      .where('created_at', '<', arg('endedBefore'))
      .where('completed_at', '<', arg('endedBefore'))
      .where('usage_pending', '=', sql.lit(0))
      .where(
        sql<boolean>`not exists (select 1 from deliveries where deliveries.request_id = requests.id and ended_at is null)`,
      )
      .where(sql<boolean>`not exists (select 1 from owed_answers where owed_answers.request_id = requests.id)`)
      .where(
        sql<boolean>`not exists (select 1 from idempotency where idempotency.request_id = requests.id
        and (kept = 1 or idempotency.created_at >= ${arg('keysBefore')}))`,
      )
      .orderBy('created_at')
      .orderBy('seq')
      .limit(arg('limit')),
);

export const dropApprovals = query<Id>()((arg) => build.deleteFrom('approvals').where('request_id', '=', arg('id')));
export const dropDeliveries = query<Id>()((arg) => build.deleteFrom('deliveries').where('request_id', '=', arg('id')));
export const dropKeys = query<Id>()((arg) => build.deleteFrom('idempotency').where('request_id', '=', arg('id')));
export const dropRequest = query<Id>()((arg) => build.deleteFrom('requests').where('id', '=', arg('id')));

export const firstEvents = query<Batch>()((arg) =>
  build.selectFrom('events').select(['seq', 'at']).orderBy('seq').limit(arg('limit')),
);
export const dropEvents = query<{ upTo: number }>()((arg) =>
  build.deleteFrom('events').where('seq', '<=', arg('upTo')),
);

export const deliveriesBehind = query<Batch & { after: number }>()((arg) =>
  build
    .selectFrom('deliveries')
    .select(['seq', 'request_id', 'created_at', 'ended_at'])
    .where('seq', '>', arg('after'))
    .orderBy('seq')
    .limit(arg('limit')),
);
export const dropDeliveryAt = query<{ seq: number }>()((arg) =>
  build.deleteFrom('deliveries').where('seq', '=', arg('seq')),
);

export const oldKeys = query<Batch & { keysBefore: number }>()((arg) =>
  build
    .selectFrom('idempotency')
    .select(['owner', 'key'])
    .where('created_at', '<', arg('keysBefore'))
    .where('kept', '=', sql.lit(0))
    .limit(arg('limit')),
);

export const oldestRunning = query<Record<never, never>>()(() =>
  build
    .selectFrom('requests')
    .select('created_at')
    .where('state', '=', sql.lit('running' as const))
    .orderBy('created_at')
    .limit(sql.lit(1)),
);
