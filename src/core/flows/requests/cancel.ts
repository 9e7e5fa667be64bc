import type { Who } from '../../model/audit/audit.ts';
import { hasEnded, type RequestRecord } from '../../model/request.ts';
import type { FlowParts } from '../parts.ts';
import { CANCELLED, type Ended } from './ends.ts';
import type { Queue } from './queue.ts';
import { requireRequest } from './read.ts';

export interface CancelDeps {
  readonly parts: Pick<FlowParts, 'store' | 'clock'>;
  readonly queue: Pick<Queue, 'kick' | 'claimed'>;
  readonly ended: Ended;
}

/** @throws GatewayError `not_found` */
export async function cancelRequest(
  { parts, queue, ended }: CancelDeps,
  id: string,
  who?: Who,
): Promise<RequestRecord> {
  const { store, clock } = parts;
  const request = await requireRequest(store, id);
  if (hasEnded(request.state)) return request;
  const now = clock.now();
  if (await store.endQueued(id, CANCELLED, now, who)) {
    ended(request, CANCELLED);
    queue.kick(request.workspace, request.agent);
    return requireRequest(store, id);
  }
  // It has been claimed: the wish goes to disk first, so that it outlives this process.
  await store.askCancel(id, now, who);
  const turn = await queue.claimed(request.workspace);
  if (turn?.request.id === id) turn.stop('cancelled');
  return requireRequest(store, id);
}
