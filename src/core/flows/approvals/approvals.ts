import type { RequestRecord } from '../../model/request.ts';
import type { ApprovalsApi } from '../../ports/gateway/approvals.ts';
import type { Deadline } from '../deadline.ts';
import type { FlowParts } from '../parts.ts';
import { decide, requireApproval } from './decide.ts';
import { createDecisions } from './decisions.ts';
import { createTurnApprovals, type TurnApprovals } from './turn-approvals.ts';

/** The agents' permission prompts, and who decides them. What the agent did with a decision is the truth: a person
 *  at the terminal may have been faster. */
export interface Approvals extends ApprovalsApi {
  /** The prompts of one turn that runs here. Its deadline stands still while one is open. */
  ofTurn(request: RequestRecord, deadline: Deadline): TurnApprovals;
}

export function createApprovals(parts: FlowParts): Approvals {
  const decisions = createDecisions(parts);
  return {
    list: (filter, limit) => parts.store.listApprovals(filter, limit),
    read: (id) => requireApproval(parts.store, id),
    decide: (id, given, who) => decide({ parts, decisions }, id, given, who),
    ofTurn: (request, deadline) => createTurnApprovals({ parts, decisions, deadline }, request),
  };
}
