import { type ExpressionBuilder, sql } from 'kysely';
import type { Reach } from '../../core/model/keys/key.ts';
import type { UsageGroup } from '../../core/ports/usage/usage-store.ts';
import { build, query, type Query } from '../sql/query.ts';
import type { SpendingTable, Tables } from '../sql/tables.ts';
import { within } from '../sql/within.ts';

export const insertSpent = query<Omit<SpendingTable, 'seq'>>()((arg) =>
  build.insertInto('spending').values({
    at: arg('at'),
    request_id: arg('request_id'),
    session_id: arg('session_id'),
    workspace: arg('workspace'),
    key: arg('key'),
    model: arg('model'),
    input_tokens: arg('input_tokens'),
    output_tokens: arg('output_tokens'),
    cache_read_tokens: arg('cache_read_tokens'),
    cache_write_tokens: arg('cache_write_tokens'),
    cost_micro_usd: arg('cost_micro_usd'),
  }),
);

export interface SpentRow {
  readonly requests: number;
  /** Null when there is nothing to sum, as the others. */
  readonly input_tokens: number | null;
  readonly output_tokens: number | null;
  readonly cache_read_tokens: number | null;
  readonly cache_write_tokens: number | null;
  readonly cost_micro_usd: number | null;
  readonly unpriced: number;
}

const sums = (eb: ExpressionBuilder<Tables, 'spending'>) =>
  [
    eb.fn.count<number>('request_id').distinct().as('requests'),
    eb.fn.sum<number | null>('input_tokens').as('input_tokens'),
    eb.fn.sum<number | null>('output_tokens').as('output_tokens'),
    eb.fn.sum<number | null>('cache_read_tokens').as('cache_read_tokens'),
    eb.fn.sum<number | null>('cache_write_tokens').as('cache_write_tokens'),
    eb.fn.sum<number | null>('cost_micro_usd').as('cost_micro_usd'),
    sql<number>`count(distinct case when cost_micro_usd is null then request_id end)`.as('unpriced'),
  ] as const;

type SpanArgs = { readonly from: number; readonly to: number };

const makeSum = (reach: Reach) =>
  query<SpanArgs>()((arg) =>
    build
      .selectFrom('spending')
      .select(sums)
      .where('at', '>=', arg('from'))
      .where('at', '<', arg('to'))
      .$if(reach !== null, (list) => list.where(within(reach))),
  );

const everythingInSpan = makeSum(null);

export const spentInSpan = (reach: Reach) => (reach === null ? everythingInSpan : makeSum(reach));

export const spentInSession = query<{ workspace: string }>()((arg) =>
  build
    .selectFrom('spending')
    .select(sums)
    .where('session_id', '=', build.selectFrom('sessions').select('id').where('workspace', '=', arg('workspace'))),
);

export const DAY_MS = 86_400_000;

const names = {
  workspace: sql<string | null>`workspace`,
  key: sql<string | null>`key`,
  model: sql<string | null>`model`,
  /** The day's number since 1970. */
  day: sql<number>`at / ${sql.lit(DAY_MS)}`,
} satisfies Record<UsageGroup, unknown>;

type GroupQuery = Query<SpanArgs & { readonly limit: number }, SpentRow & { readonly name: string | number | null }>;

function makeGroups(by: UsageGroup, reach: Reach = null): GroupQuery {
  return query<SpanArgs & { readonly limit: number }>()((arg) =>
    build
      .selectFrom('spending')
      .select(sql<string | number | null>`${names[by]}`.as('name'))
      .select(sums)
      .where('at', '>=', arg('from'))
      .where('at', '<', arg('to'))
      .$if(reach !== null, (list) => list.where(within(reach)))
      .groupBy('name')
      .orderBy(by === 'day' ? 'name' : sql`coalesce(sum(cost_micro_usd), 0)`, 'desc')
      .orderBy('name')
      .limit(arg('limit')),
  );
}

const everythingBy: Readonly<Record<UsageGroup, GroupQuery>> = {
  workspace: makeGroups('workspace'),
  key: makeGroups('key'),
  model: makeGroups('model'),
  day: makeGroups('day'),
};

export const spentBy = (by: UsageGroup, reach: Reach) => (reach === null ? everythingBy[by] : makeGroups(by, reach));

export const costSince = query<{ since: number }>()((arg) =>
  build
    .selectFrom('spending')
    .select((eb) => eb.fn.sum<number | null>('cost_micro_usd').as('cost'))
    .where('at', '>=', arg('since')),
);

export const costOfSession = query<{ sessionId: number }>()((arg) =>
  build
    .selectFrom('spending')
    .select((eb) => eb.fn.sum<number | null>('cost_micro_usd').as('cost'))
    .where('session_id', '=', arg('sessionId')),
);

export const costOfKey = query<{ key: string; since: number }>()((arg) =>
  build
    .selectFrom('spending')
    .select((eb) => eb.fn.sum<number | null>('cost_micro_usd').as('cost'))
    .where('key', '=', arg('key'))
    .where('at', '>=', arg('since')),
);
