import {
  DELIVERY_KINDS,
  DELIVERY_STATES,
  type DeliveryKind,
  type DeliveryRecord,
  type DeliveryState,
} from '../../core/model/delivery.ts';
import type { DeliveryFilter } from '../../core/ports/outbox-store.ts';
import { returned, type Statements } from '../sql/statements.ts';
import {
  deliveriesOfRequest,
  deliveryBySeq,
  newestDeliveries,
  placesBy,
  type Scope,
  type ScopeArgs,
  SCOPES,
} from './list-queries.ts';
import { toDelivery } from './rows.ts';

/** Newest first, behind a place. However few fit, it never walks through all that do not. */
export function listDeliveries(
  db: Statements,
  filter: DeliveryFilter,
  behindSeq: number | null,
  limit: number,
): readonly DeliveryRecord[] {
  const behind = behindSeq ?? Number.MAX_SAFE_INTEGER;
  const names = Object.entries(filter).filter(([, value]) => value !== undefined);
  if (names.length === 0) return db.all(newestDeliveries, { behind, limit }).map(toDelivery);
  const { requestId } = filter;
  if (requestId !== undefined && names.length === 1) {
    return db.all(deliveriesOfRequest, { requestId, behind, limit }).map(toDelivery);
  }
  return listPlaces(db, filter, behind, limit).map((seq) => toDelivery(returned(db.get(deliveryBySeq, { seq }))));
}

/** What is not named takes a look for each of its words: no index could be in order over several of them. */
function listPlaces(db: Statements, filter: DeliveryFilter, behind: number, limit: number): readonly number[] {
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
  return states
    .flatMap((state) => kinds.flatMap((kind) => db.all(query, { ...NONE, ...args, state, kind, behind, limit })))
    .map(({ seq }) => seq)
    .toSorted((a, b) => b - a)
    .slice(0, limit);
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
