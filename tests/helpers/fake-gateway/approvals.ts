import type { ApprovalRecord } from '../../../src/core/model/approval.ts';
import { GatewayError } from '../../../src/core/model/errors.ts';
import type { ApprovalsApi } from '../../../src/core/ports/gateway/approvals.ts';
import type { Memory } from './memory.ts';

export interface FakeApprovals {
  readonly api: ApprovalsApi;
  add(approval: ApprovalRecord): void;
}

export function createFakeApprovals(memory: Memory): FakeApprovals {
  const approvals = new Map<string, ApprovalRecord>();

  function find(id: string): ApprovalRecord {
    const approval = approvals.get(id);
    if (approval === undefined) throw new GatewayError('not_found', `there is no approval ${id}`);
    return approval;
  }

  const api: ApprovalsApi = {
    list: async ({ state, workspace, requestId }, limit) => {
      memory.throwIfAsked();
      const found = [...approvals.values()].filter(
        (approval) =>
          (state ?? approval.state) === approval.state &&
          (workspace ?? approval.workspace) === approval.workspace &&
          (requestId ?? approval.requestId) === approval.requestId,
      );
      return { approvals: found.toReversed().slice(0, limit), total: found.length };
    },
    read: async (id) => find(id),
    decide: async (id, given) => {
      const approval = find(id);
      if (approval.state !== 'open') throw new GatewayError('approval_decided', 'This approval has been decided');
      const { allow, message = null, remember = false, answers = null, mode = null } = given;
      const decision = { allow, message, remember, answers, mode };
      const decided = { decision, decidedBy: 'api', decidedAt: Date.now() } as const;
      const after: ApprovalRecord = { ...approval, ...decided, state: allow ? 'allowed' : 'denied' };
      approvals.set(id, after);
      return after;
    },
  };
  return { api, add: (approval) => void approvals.set(approval.id, approval) };
}
