import { sql } from 'kysely';
import type { DeliveryKind, DeliveryState } from '../../core/model/delivery.ts';
import type { Reach } from '../../core/model/keys/key.ts';
import type { DeliveryFilter } from '../../core/ports/outbox-store.ts';
import { build, query } from '../sql/query.ts';
import { within } from '../sql/within.ts';
import { deliveriesWithLane } from './delivery-queries.ts';

/** What a list may be filtered by beside state and kind, the narrowest first. */
export const SCOPES = ['request_id', 'webhook_id', 'lane', 'workspace'] as const;
export type Scope = (typeof SCOPES)[number];

export type ScopeArgs = Readonly<Record<Scope, string>>;
type Column = Scope | 'state' | 'kind';
type PlaceArgs = ScopeArgs & { state: DeliveryState; kind: DeliveryKind; behind: number; limit: number };

/** The places of those in one state and of one kind, newest first. `scope` has an index for exactly this; what else is
 *  named only sifts what it finds, and is kept from the planner. A request has few, so it sifts by all. */
export function placesBy(scope: Scope | null, others: readonly Scope[]) {
  return query<PlaceArgs>()((arg, words) => {
    const is = (column: Column) => sql<boolean>`${sql.ref(column)} = ${arg(column)}`;
    const sifts = (column: Column) => sql<boolean>`${words.sifting(column)} = ${arg(column)}`;
    const found = scope === null ? [] : [is(scope)];
    const rest = (['state', 'kind'] as const).map(scope === 'request_id' ? sifts : is);
    return [...found, ...rest, ...others.map(sifts)]
      .reduce((list, condition) => list.where(condition), build.selectFrom('deliveries').select('seq'))
      .where('seq', '<', arg('behind'))
      .orderBy('seq', 'desc')
      .limit(arg('limit'));
  });
}

export const newestDeliveries = query<{ behind: number; limit: number }>()((arg) =>
  deliveriesWithLane.where('seq', '<', arg('behind')).orderBy('seq', 'desc').limit(arg('limit')),
);

export const deliveriesOfRequest = query<{ requestId: string; behind: number; limit: number }>()((arg) =>
  deliveriesWithLane
    .where('request_id', '=', arg('requestId'))
    .where('seq', '<', arg('behind'))
    .orderBy('seq', 'desc')
    .limit(arg('limit')),
);

export const deliveryBySeq = query<{ seq: number }>()((arg) => deliveriesWithLane.where('seq', '=', arg('seq')));

const COLUMNS = {
  state: 'state',
  kind: 'kind',
  lane: 'to',
  request_id: 'requestId',
  workspace: 'workspace',
  webhook_id: 'webhookId',
} as const satisfies Partial<Record<Column, keyof DeliveryFilter>>;

/** For a caller that sees only a part. */
export function deliveriesWithin(reach: Reach, filter: DeliveryFilter) {
  const conditions = Object.entries(COLUMNS)
    .map(([column, name]) => [column, filter[name]] as const)
    .filter(([, value]) => value !== undefined)
    .map(([column, value]) => sql<boolean>`${sql.ref(`deliveries.${column}`)} = ${value}`);
  return query<{ behind: number; limit: number }>()((arg) =>
    [within(reach), ...conditions]
      .reduce((list, condition) => list.where(condition), deliveriesWithLane)
      .where('seq', '<', arg('behind'))
      .orderBy('seq', 'desc')
      .limit(arg('limit')),
  );
}
