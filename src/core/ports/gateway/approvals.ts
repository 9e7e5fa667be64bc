import type { Who } from '../../model/audit/audit.ts';
import type { Answers, ApprovalRecord, PlanMode } from '../../model/approval.ts';
import type { ApprovalFilter } from '../store.ts';

/** The permission prompts of the agents. */
export interface ApprovalsApi {
  /** Newest first; `total` counts all that match. */
  list(
    filter: ApprovalFilter,
    limit: number,
  ): Promise<{ readonly approvals: readonly ApprovalRecord[]; readonly total: number }>;
  /** Throws `not_found`. */
  read(id: string): Promise<ApprovalRecord>;
  /** Resolves when the agent has taken the decision, or after ten seconds as it stands: it is on disk then, and will be
   *  given. Throws `not_found`, `invalid_field`, and `approval_decided` when somebody else was first. */
  decide(id: string, given: GivenDecision, who?: Who): Promise<ApprovalRecord>;
}

/** What a caller says of an approval; what does not fit its prompt is refused. */
export interface GivenDecision {
  readonly allow: boolean;
  /** For the agent, with a denial. */
  readonly message?: string;
  readonly remember?: boolean;
  readonly answers?: Answers;
  readonly mode?: PlanMode;
  /** Who decided in a chat, as people call them. */
  readonly person?: string;
}
