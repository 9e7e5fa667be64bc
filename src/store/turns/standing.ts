import { hasEnded } from '../../core/model/request.ts';
import type { RequestStanding } from '../../core/ports/store.ts';
import { approvalsOfRequest } from '../approvals/approval-queries.ts';
import { deliveriesOfRequest } from '../deliveries/list-queries.ts';
import { toDelivery } from '../deliveries/rows.ts';
import { requestWithCounts } from '../requests/queries.ts';
import { toApproval, toRequest } from '../sql/rows.ts';
import { all, get, type Step } from '../sql/step.ts';
import { findPosition } from './claim.ts';

/** Of one request that are shown. */
const SHOWN_MAX = 1_000;
const BEHIND_ALL = Number.MAX_SAFE_INTEGER;

/** Most requests have neither approvals nor deliveries, and then it is one query. */
export function* readStanding(id: string, now: number): Step<RequestStanding | null> {
  const row = yield* get(requestWithCounts, { id });
  if (row === undefined) return null;
  const approvals = row.approvals === 0 ? [] : yield* all(approvalsOfRequest, { request_id: id });
  const deliveries =
    row.deliveries === 0
      ? []
      : yield* all(deliveriesOfRequest, { requestId: id, behind: BEHIND_ALL, limit: SHOWN_MAX });
  return {
    request: toRequest(row),
    position: hasEnded(row.state) ? null : yield* findPosition(row, now),
    approvals: approvals.slice(0, SHOWN_MAX).map(toApproval).toReversed(),
    deliveries: deliveries.map(toDelivery).toReversed(),
  };
}
