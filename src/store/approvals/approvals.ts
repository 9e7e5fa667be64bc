import type { Who } from '../../core/model/audit/audit.ts';
import type { AgentRule, ApprovalRecord, Decider, Decision } from '../../core/model/approval.ts';
import { reaches } from '../../core/model/keys/key.ts';
import type { ApprovalEnd, ApprovalFilter, NewApproval, TurnRef } from '../../core/ports/store.ts';
import {
  approvalById,
  approvalCount,
  approvalOfToolUse,
  approvalsBy,
  approvalsOfRequest,
  beginWaiting,
  changeRules,
  endApproval,
  endWaiting,
  insertApproval,
  noteDecision,
  openApprovalsOf,
  rulesOf,
} from './approval-queries.ts';
import { noteAudit } from '../audit/audit.ts';
import { appendEvent } from '../events/events.ts';
import { ownedTurn } from '../requests/queries.ts';
import { toApproval, type ApprovalRow } from '../sql/rows.ts';
import { all, get, returned, run, type Step } from '../sql/step.ts';

// Each that writes must run inside one transaction: the change and its event are written together or not at all.

export function* openApproval(turn: TurnRef, approval: NewApproval): Step<ApprovalRecord | null> {
  if ((yield* get(ownedTurn, { id: turn.id, epoch: turn.epoch })) === undefined) return null;
  const known = yield* get(approvalOfToolUse, { request_id: turn.id, tool_use_id: approval.toolUseId });
  if (known !== undefined) return toApproval(known);
  const row = returned(
    yield* get(insertApproval, {
      id: approval.id,
      request_id: approval.requestId,
      workspace: approval.workspace,
      kind: approval.kind,
      tool_use_id: approval.toolUseId,
      subagent: approval.subagent,
      tool: approval.tool,
      input: JSON.stringify(approval.input),
      rules: JSON.stringify(approval.rules),
      created_at: approval.createdAt,
      expires_at: approval.expiresAt,
    }),
  );
  yield* run(beginWaiting, { request_id: turn.id });
  const data = { approvalId: row.id, kind: row.kind, tool: row.tool };
  const { workspace, createdAt: at } = approval;
  yield* appendEvent({ type: 'approval.opened', requestId: turn.id, workspace, at, data });
  return toApproval(row);
}

export function* decideApproval(id: string, decision: Decision, by: Decider, now: number, who?: Who): Step<boolean> {
  const row = yield* get(noteDecision, { id, decision: JSON.stringify(decision), by, now });
  if (row !== undefined && who !== undefined) yield* noteDecided(row, decision.allow ? 'allowed' : 'denied', who, now);
  return row !== undefined;
}

function* noteDecided(
  { id, request_id: requestId, workspace, tool }: Pick<ApprovalRow, 'id' | 'request_id' | 'workspace' | 'tool'>,
  state: 'allowed' | 'denied',
  who: Who,
  at: number,
): Step<void> {
  yield* noteAudit({ at, who, action: `approval.${state}`, workspace, subject: id, detail: { requestId, tool } });
}

export function* settleApproval(id: string, end: ApprovalEnd, now: number): Step<boolean> {
  const row = yield* finish(id, end, now);
  if (row === null) return false;
  const isLast = (yield* get(openApprovalsOf, { request_id: row.request_id })) === undefined;
  if (isLast) yield* run(endWaiting, { request_id: row.request_id });
  return true;
}

/** Those of a turn that has ended. What was decided and not confirmed stands as it was decided. */
export function* endApprovals(requestId: string, now: number): Step<void> {
  for (const { id, decision, decided_by: by } of yield* all(openApprovalsOf, { request_id: requestId })) {
    const decided = decision === null || by === 'timeout' ? null : (JSON.parse(decision) as Decision);
    const state = decided === null ? 'expired' : decided.allow ? 'allowed' : 'denied';
    yield* finish(id, { state, by: by ?? 'turn_end' }, now);
  }
}

export function* readApproval(id: string): Step<ApprovalRecord | null> {
  const row = yield* get(approvalById, { id });
  return row === undefined ? null : toApproval(row);
}

export function* listApprovals(
  { state, workspace, requestId, reach = null }: ApprovalFilter,
  limit: number,
): Step<{ readonly approvals: readonly ApprovalRecord[]; readonly total: number }> {
  if (requestId !== undefined) {
    const rows = (yield* all(approvalsOfRequest, { request_id: requestId })).filter(
      (row) =>
        (state ?? row.state) === row.state &&
        (workspace ?? row.workspace) === row.workspace &&
        reaches(reach, row.workspace),
    );
    return { approvals: rows.slice(0, limit).map(toApproval), total: rows.length };
  }
  const filter = { state: state ?? null, workspace: workspace ?? null };
  return {
    approvals: (yield* all(approvalsBy(reach), { ...filter, limit })).map(toApproval),
    total: returned(yield* get(approvalCount(reach), filter)).count,
  };
}

export function* readRules(workspace: string): Step<readonly AgentRule[]> {
  const row = yield* get(rulesOf, { workspace });
  return row === undefined ? [] : (JSON.parse(row.rules) as readonly AgentRule[]);
}

const DECIDED_HERE: ReadonlySet<Decider> = new Set<Decider>(['terminal', 'agent', 'rule']);

function* finish(id: string, { state, by }: ApprovalEnd, now: number): Step<ApprovalRow | null> {
  const row = yield* get(endApproval, { id, state, by, now });
  if (row === undefined) return null;
  const { request_id: requestId, workspace } = row;
  yield* appendEvent({ type: `approval.${state}`, requestId, workspace, at: now, data: { approvalId: id, by } });
  // What was decided over the API is written down by then.
  if (state !== 'expired' && DECIDED_HERE.has(by)) yield* noteDecided(row, state, by, now);
  if (state === 'allowed') yield* remember(toApproval(row));
  return row;
}

function* remember({ workspace, decision, rules }: ApprovalRecord): Step<void> {
  if (decision?.remember !== true) return;
  const known = yield* readRules(workspace);
  const all = [...new Set([...known, ...rules].map((rule) => JSON.stringify(rule)))];
  yield* run(changeRules, { workspace, rules: `[${all.join(',')}]` });
}
