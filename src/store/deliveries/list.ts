import {
  DELIVERY_KINDS,
  DELIVERY_STATES,
  type DeliveryKind,
  type DeliveryRecord,
  type DeliveryState,
} from '../../core/model/delivery.ts';
import type { DeliveryFilter } from '../../core/ports/outbox-store.ts';
import { all, get, returned, type Step } from '../sql/step.ts';
import { deliveryById } from './delivery-queries.ts';
import {
  deliveriesOfRequest,
  deliveriesWithin,
  deliveryBySeq,
  newestDeliveries,
  placesBy,
  type Scope,
  type ScopeArgs,
  SCOPES,
} from './list-queries.ts';
import { toDelivery } from './rows.ts';

/** Newest first, behind a place. However few fit, it never walks through all that do not. */
export function* listDeliveries(
  filter: DeliveryFilter,
  behindSeq: number | null,
  limit: number,
): Step<readonly DeliveryRecord[]> {
  const behind = behindSeq ?? Number.MAX_SAFE_INTEGER;
  const { reach = null } = filter;
  if (reach !== null) return (yield* all(deliveriesWithin(reach, filter), { behind, limit })).map(toDelivery);
  const names = Object.entries(filter).filter(([, value]) => value !== undefined);
  if (names.length === 0) return (yield* all(newestDeliveries, { behind, limit })).map(toDelivery);
  const { requestId } = filter;
  if (requestId !== undefined && names.length === 1) {
    return (yield* all(deliveriesOfRequest, { requestId, behind, limit })).map(toDelivery);
  }
  const found: DeliveryRecord[] = [];
  for (const seq of yield* listPlaces(filter, behind, limit)) {
    found.push(toDelivery(returned(yield* get(deliveryBySeq, { seq }))));
  }
  return found;
}

export function* readDelivery(id: string): Step<DeliveryRecord | null> {
  const row = yield* get(deliveryById, { id });
  return row === undefined ? null : toDelivery(row);
}

/** What is not named takes a look for each of its words: no index could be in order over several of them. */
function* listPlaces(filter: DeliveryFilter, behind: number, limit: number): Step<readonly number[]> {
  const args: Partial<ScopeArgs> = {
    ...(filter.requestId !== undefined && { request_id: filter.requestId }),
    ...(filter.webhookId !== undefined && { webhook_id: filter.webhookId }),
    ...(filter.to !== undefined && { lane: filter.to }),
    ...(filter.workspace !== undefined && { workspace: filter.workspace }),
  };
  const named = SCOPES.filter((scope) => args[scope] !== undefined);
  const query = placesOf(named);
  const states: readonly DeliveryState[] = filter.state === undefined ? DELIVERY_STATES : [filter.state];
  const kinds: readonly DeliveryKind[] = filter.kind === undefined ? DELIVERY_KINDS : [filter.kind];
  const places: number[] = [];
  for (const state of states) {
    for (const kind of kinds) {
      const rows = yield* all(query, { ...NONE, ...args, state, kind, behind, limit });
      places.push(...rows.map(({ seq }) => seq));
    }
  }
  return places.toSorted((a, b) => b - a).slice(0, limit);
}

/** What is not named is not in the query either. */
const NONE: ScopeArgs = { request_id: '', webhook_id: '', lane: '', workspace: '' };

/** One query for each set of filters, made when it is first asked for. */
const queries = new Map<string, ReturnType<typeof placesBy>>();

function placesOf(named: readonly Scope[]): ReturnType<typeof placesBy> {
  const key = named.join(' ');
  const [scope = null, ...others] = named;
  const known = queries.get(key) ?? placesBy(scope, others);
  queries.set(key, known);
  return known;
}
