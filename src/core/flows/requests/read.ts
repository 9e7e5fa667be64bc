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

/** @throws GatewayError `not_found` */
export async function readRequest({ parts: { store }, queue }: ReadDeps, id: string): Promise<RequestView> {
  const standing = await store.readStanding(id);
  if (standing === null) throw unknownRequest(id);
  const { request, position, approvals, deliveries } = standing;
  return { request, ...(await queue.outlook(request, position)), approvals, deliveries };
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
