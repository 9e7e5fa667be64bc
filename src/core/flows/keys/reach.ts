import { type Reach, reaches } from '../../model/keys/key.ts';
import type { Thing } from '../../ports/keys/keys.ts';
import type { Store } from '../../ports/store.ts';
import { requireApproval, unknownApproval } from '../approvals/decide.ts';
import { requireDelivery, unknownDelivery } from '../outbox/deliveries.ts';
import { requireRequest, unknownRequest } from '../requests/read.ts';
import { unknownSession } from '../sessions/require-session.ts';

/** @throws GatewayError `not_found`, in the same words for what is hidden and for what is not there. */
export async function mustReach(store: Store, reach: Reach, { kind, id }: Thing): Promise<void> {
  if (reach === null) return;
  const { workspace, unknown } = await find(store, kind, id);
  if (!reaches(reach, workspace)) throw unknown(id);
}

async function find(store: Store, kind: Thing['kind'], id: string) {
  switch (kind) {
    case 'workspace':
      return { workspace: id, unknown: unknownSession };
    case 'request':
      return { workspace: (await requireRequest(store, id)).workspace, unknown: unknownRequest };
    case 'approval':
      return { workspace: (await requireApproval(store, id)).workspace, unknown: unknownApproval };
    case 'delivery':
      return { workspace: (await requireDelivery(store, id)).workspace, unknown: unknownDelivery };
  }
}
