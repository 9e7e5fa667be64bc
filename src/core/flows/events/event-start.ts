import { GatewayError } from '../../model/errors.ts';
import { reaches } from '../../model/keys/key.ts';
import { hasEnded } from '../../model/request.ts';
import type { EventFilter, Store } from '../../ports/store.ts';

/** The number behind which a reader begins: by default that of the last event, and for 0 all that is kept follows.
 *  Null: the request that the filter names ended at this place or before.
 *  @throws GatewayError `cursor_ahead`, `cursor_gone`, `not_found` */
export async function findStart(store: Store, filter: EventFilter, after: number | undefined): Promise<number | null> {
  if (filter.workspace !== undefined && !reaches(filter.reach ?? null, filter.workspace)) {
    throw new GatewayError('not_found', `Session not found: ${filter.workspace}`);
  }
  const { first, last } = await store.readEventSpan();
  const from = after === 0 ? first - 1 : (after ?? last);
  if (from > last)
    throw new GatewayError('cursor_ahead', `No event has the number ${from} yet: the last one is ${last}`, {
      field: 'after',
    });
  if (from + 1 < first)
    throw new GatewayError('cursor_gone', `The events behind ${from} are no longer kept: the first one is ${first}`, {
      field: 'after',
    });
  return (await isOver(store, filter, from)) ? null : from;
}

/** Nothing follows that the filter lets through. */
async function isOver(store: Store, filter: EventFilter, from: number): Promise<boolean> {
  const { requestId, workspace } = filter;
  if (requestId === undefined) return false;
  const request = await store.readRequest(requestId);
  if (request === null || !reaches(filter.reach ?? null, request.workspace))
    throw new GatewayError('not_found', `Request not found: ${requestId}`);
  if (workspace !== undefined && workspace !== request.workspace)
    throw new GatewayError('not_found', `Request not found in ${workspace}: ${request.id}`);
  return hasEnded(request.state) && (await store.listEvents(from, 1, filter)).length === 0;
}
