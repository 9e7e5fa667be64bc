import { sql } from 'kysely';
import type { DeliveredEvent, DeliveryEnd, DeliveryKind } from '../../core/model/delivery.ts';
import { build, query } from '../sql/query.ts';

type Id = { readonly id: string };

export const insertDelivery = query<{
  id: string;
  lane: string;
  kind: DeliveryKind;
  rank: number;
  request_id: string | null;
  workspace: string | null;
  webhook_id: string | null;
  event_type: DeliveredEvent['type'];
  event_at: number;
  event_data: string;
}>()((arg) =>
  build
    .insertInto('deliveries')
    .values({
      id: arg('id'),
      lane: arg('lane'),
      kind: arg('kind'),
      rank: arg('rank'),
      request_id: arg('request_id'),
      workspace: arg('workspace'),
      webhook_id: arg('webhook_id'),
      event_type: arg('event_type'),
      event_at: arg('event_at'),
      event_data: arg('event_data'),
      state: sql.lit('waiting' as const),
      attempts: sql.lit(0),
      unsure: sql.lit(0),
      created_at: arg('event_at'),
      owed_since: arg('event_at'),
    })
    .returningAll(),
);

/** With what is known of the lane; `not_before` is null while it does not fail. */
export const deliveriesWithLane = build
  .selectFrom('deliveries')
  .leftJoin('failing_lanes', 'failing_lanes.lane', 'deliveries.lane')
  .selectAll('deliveries')
  .select('failing_lanes.not_before');

export const deliveryById = query<Id>()((arg) => deliveriesWithLane.where('id', '=', arg('id')));

export const headOfLane = query<{ lane: string }>()((arg) =>
  deliveriesWithLane
    .where('deliveries.lane', '=', arg('lane'))
    .where('ended_at', 'is', null)
    .orderBy('rank')
    .orderBy('seq')
    .limit(sql.lit(1)),
);

/** By the place in the order of all: what is new is few. */
export const owedBehind = query<{ after: number }>()((arg) =>
  build.selectFrom('deliveries').select(['lane', 'seq']).where('seq', '>', arg('after')).orderBy('seq'),
);

export const owedLanes = query<Record<never, never>>()(() =>
  build.selectFrom('deliveries').select('lane').distinct().where('ended_at', 'is', null),
);

/** Those to which something of a request is owed. */
export const lanesOwed = query<{ requestId: string }>()((arg) =>
  build
    .selectFrom('deliveries')
    .select('lane')
    .distinct()
    .where('request_id', '=', arg('requestId'))
    .where('ended_at', 'is', null),
);

/** Has this lane ever taken anything? */
export const provenLane = query<{ lane: string }>()((arg) =>
  build
    .selectFrom('deliveries')
    .select('seq')
    .where('lane', '=', arg('lane'))
    .where('state', '=', sql.lit('sent' as const))
    .limit(sql.lit(1)),
);

export const lastDelivery = query<Record<never, never>>()(() =>
  build.selectFrom('deliveries').select('seq').orderBy('seq', 'desc').limit(sql.lit(1)),
);

export const owedCount = query<Record<never, never>>()(() =>
  build
    .selectFrom('deliveries')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('ended_at', 'is', null),
);

/** In the order of its index, or the planner would walk through all that was ever owed to the webhook. */
export const owedToWebhook = query<{ webhookId: string; limit: number }>()((arg) =>
  build
    .selectFrom('deliveries')
    .select('id')
    .where('webhook_id', '=', arg('webhookId'))
    .where('ended_at', 'is', null)
    // An attempt under way decides for itself.
    .where('state', '=', sql.lit('waiting' as const))
    .orderBy('rank')
    .orderBy('seq')
    .limit(arg('limit')),
);

/** One that was under way when its process ended may have been taken. */
export const beginSending = query<Id>()((arg) =>
  build
    .updateTable('deliveries')
    .set((eb) => ({
      state: sql.lit('sending' as const),
      attempts: eb('attempts', '+', sql.lit(1)),
      unsure: sql<number>`CASE WHEN state = 'sending' THEN 1 ELSE unsure END`,
    }))
    .where('id', '=', arg('id'))
    .where('ended_at', 'is', null),
);

export const waitAgain = query<Id & { error: string; unsure: number }>()((arg) =>
  build
    .updateTable('deliveries')
    .set({
      state: sql.lit('waiting' as const),
      last_error: arg('error'),
      unsure: sql<number>`CASE WHEN unsure = 1 THEN 1 ELSE ${arg('unsure')} END`,
    })
    .where('id', '=', arg('id'))
    .where('state', '=', sql.lit('sending' as const))
    .returning('lane'),
);

export const endSending = query<
  Id & { state: DeliveryEnd; error: string | null; link: string | null; messages: string | null; now: number }
>()((arg) =>
  build
    .updateTable('deliveries')
    .set((eb) => ({
      state: arg('state'),
      last_error: eb.fn.coalesce(arg('error'), 'last_error'),
      link: arg('link'),
      messages: eb.fn.coalesce(arg('messages'), 'messages'),
      ended_at: arg('now'),
    }))
    .where('id', '=', arg('id'))
    .where('ended_at', 'is', null)
    .returningAll(),
);

export const oweAgain = query<Id & { now: number }>()((arg) =>
  build
    .updateTable('deliveries')
    .set({ state: sql.lit('waiting' as const), ended_at: null, owed_since: arg('now') })
    .where('id', '=', arg('id'))
    .where('state', 'in', [sql.lit('refused' as const), sql.lit('given_up' as const)])
    .returning('lane'),
);

export const noteFailure = query<{
  lane: string;
  now: number;
  notBefore: number;
  pausedAt: number | null;
  error: string;
}>()((arg) =>
  build
    .insertInto('failing_lanes')
    .values({
      lane: arg('lane'),
      failures: sql.lit(1),
      failing_since: arg('now'),
      not_before: arg('notBefore'),
      paused_at: arg('pausedAt'),
      last_error: arg('error'),
    })
    .onConflict((on) =>
      on.column('lane').doUpdateSet((eb) => ({
        failures: eb('failing_lanes.failures', '+', sql.lit(1)),
        not_before: eb.ref('excluded.not_before'),
        paused_at: eb.fn.coalesce('failing_lanes.paused_at', 'excluded.paused_at'),
        last_error: eb.ref('excluded.last_error'),
      })),
    ),
);

export const forgetFailures = query<{ lane: string }>()((arg) =>
  build.deleteFrom('failing_lanes').where('lane', '=', arg('lane')),
);

export const failingLane = query<{ lane: string }>()((arg) =>
  build.selectFrom('failing_lanes').selectAll().where('lane', '=', arg('lane')),
);

export const failingLanes = query<{ limit: number }>()((arg) =>
  build.selectFrom('failing_lanes').selectAll().orderBy('failing_since').limit(arg('limit')),
);

/** All that was sent so far is known again. The attempts at its messages are one while they go well. */
export const setPart = query<Id & { messages: string }>()((arg) =>
  build
    .updateTable('deliveries')
    .set((eb) => ({
      messages: arg('messages'),
      unsure: sql.lit(0),
      state: sql.lit('waiting' as const),
      attempts: eb('attempts', '-', sql.lit(1)),
    }))
    .where('id', '=', arg('id'))
    .where('state', '=', sql.lit('sending' as const))
    .returning('lane'),
);

/** Of one request, the latest first. */
export const messagesOfRequest = query<{ request_id: string; kind: DeliveryKind; before: number }>()((arg) =>
  build
    .selectFrom('deliveries')
    .select(['messages', 'event_data', 'lane'])
    .where('request_id', '=', arg('request_id'))
    .where('seq', '<', arg('before'))
    .where('kind', '=', arg('kind'))
    .orderBy('seq', 'desc'),
);

/** A request has few: its index finds them, and the rest sifts. */
export const toldApproval = query<{ request_id: string; lane: string; approval_id: string }>()((arg, words) =>
  build
    .selectFrom('deliveries')
    .select('seq')
    .where('request_id', '=', arg('request_id'))
    .where(sql<boolean>`${words.sifting('lane')} = ${arg('lane')}`)
    .where(sql<boolean>`${words.sifting('kind')} = ${sql.lit('approval' as const)}`)
    .where(sql<boolean>`${words.field('event_data', 'approvalId')} = ${arg('approval_id')}`)
    .limit(sql.lit(1)),
);

/** What is told of how a turn gets on is the latest. */
export const refreshProgress = query<{
  request_id: string;
  event_type: DeliveredEvent['type'];
  event_at: number;
  event_data: string;
}>()((arg) =>
  build
    .updateTable('deliveries')
    .set({ event_type: arg('event_type'), event_at: arg('event_at'), event_data: arg('event_data') })
    .where('request_id', '=', arg('request_id'))
    .where('kind', '=', sql.lit('progress' as const))
    .where('state', '=', sql.lit('waiting' as const)),
);

export const lastProgress = query<{ request_id: string }>()((arg) =>
  build
    .selectFrom('deliveries')
    .select(['id', 'lane', 'workspace', 'state', 'event_type', 'event_data', 'messages'])
    .where('request_id', '=', arg('request_id'))
    .where('kind', '=', sql.lit('progress' as const))
    .orderBy('seq', 'desc')
    .limit(sql.lit(1)),
);

export const dropDelivery = query<Id>()((arg) => build.deleteFrom('deliveries').where('id', '=', arg('id')));

/** Those that run are few. */
export const runningAskers = query<Record<never, never>>()(() =>
  build
    .selectFrom('requests')
    .select(['id', 'reply_to'])
    .where('state', '=', sql.lit('running' as const)),
);

export const askerOf = query<Id>()((arg) =>
  build.selectFrom('requests').select(['reply_to', 'source']).where('id', '=', arg('id')),
);

export const scopeOf = query<Id>()((arg) =>
  build.selectFrom('requests').select(['source', 'workspace']).where('id', '=', arg('id')),
);

export const unattendedFile = query<Id>()((arg) =>
  build
    .selectFrom('owed_answers')
    .select('file')
    .where('request_id', '=', arg('id'))
    .where('attended', '=', sql.lit(0)),
);

export const dropUnattended = query<Id>()((arg) =>
  build.deleteFrom('owed_answers').where('request_id', '=', arg('id')).where('attended', '=', sql.lit(0)),
);
