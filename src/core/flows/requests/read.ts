import { GatewayError } from '../../model/errors.ts';
import type { RequestRecord } from '../../model/request.ts';
import type { RequestView } from '../../ports/gateway/requests.ts';
import type { Store } from '../../ports/store.ts';
import type { FlowParts } from '../parts.ts';
import type { Queue } from './queue.ts';

export interface ReadDeps {
  readonly parts: Pick<FlowParts, 'store'>;
  readonly queue: Pick<Queue, 'outlook'>;
}

/** Of one request that are shown. */
const APPROVALS_MAX = 1_000;
const DELIVERIES_MAX = 1_000;

/** @throws GatewayError `not_found` */
export async function readRequest({ parts: { store }, queue }: ReadDeps, id: string): Promise<RequestView> {
  const request = await requireRequest(store, id);
  const { approvals } = await store.listApprovals({ requestId: id }, APPROVALS_MAX);
  const deliveries = await store.listDeliveries({ requestId: id }, null, DELIVERIES_MAX);
  return {
    request,
    ...(await queue.outlook(request)),
    approvals: approvals.toReversed(),
    deliveries: deliveries.toReversed(),
  };
}

/** @throws GatewayError `not_found` */
export async function requireRequest(store: Store, id: string): Promise<RequestRecord> {
  const request = await store.readRequest(id);
  if (request === null) throw unknownRequest(id);
  return request;
}

export function unknownRequest(id: string): GatewayError {
  return new GatewayError('not_found', `Request not found: ${id}`);
}
