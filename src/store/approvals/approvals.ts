import type { AgentRule, ApprovalRecord, Decider, Decision } from '../../core/model/approval.ts';
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
import { appendEvent } from '../events/events.ts';
import { ownedTurn } from '../requests/queries.ts';
import { toApproval, type ApprovalRow } from '../sql/rows.ts';
import { returned, type Statements } from '../sql/statements.ts';

// Each that writes must run inside one transaction: the change and its event are written together or not at all.

export function openApproval(db: Statements, turn: TurnRef, approval: NewApproval): ApprovalRecord | null {
  if (db.get(ownedTurn, { id: turn.id, epoch: turn.epoch }) === undefined) return null;
  const known = db.get(approvalOfToolUse, { request_id: turn.id, tool_use_id: approval.toolUseId });
  if (known !== undefined) return toApproval(known);
  const row = returned(
    db.get(insertApproval, {
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
  db.run(beginWaiting, { request_id: turn.id });
  const data = { approvalId: row.id, kind: row.kind, tool: row.tool };
  const { workspace, createdAt: at } = approval;
  appendEvent(db, { type: 'approval.opened', requestId: turn.id, workspace, at, data });
  return toApproval(row);
}

export function decideApproval(db: Statements, id: string, decision: Decision, by: Decider, now: number): boolean {
  return db.get(noteDecision, { id, decision: JSON.stringify(decision), by, now }) !== undefined;
}

export function settleApproval(db: Statements, id: string, end: ApprovalEnd, now: number): boolean {
  const row = finish(db, id, end, now);
  if (row === null) return false;
  const isLast = db.get(openApprovalsOf, { request_id: row.request_id }) === undefined;
  if (isLast) db.run(endWaiting, { request_id: row.request_id });
  return true;
}

/** Those of a turn that has ended. What was decided and not confirmed stands as it was decided. */
export function endApprovals(db: Statements, requestId: string, now: number): void {
  for (const { id, decision, decided_by: by } of db.all(openApprovalsOf, { request_id: requestId })) {
    const decided = decision === null || by === 'timeout' ? null : (JSON.parse(decision) as Decision);
    const state = decided === null ? 'expired' : decided.allow ? 'allowed' : 'denied';
    finish(db, id, { state, by: by ?? 'turn_end' }, now);
  }
}

export function readApproval(db: Statements, id: string): ApprovalRecord | null {
  const row = db.get(approvalById, { id });
  return row === undefined ? null : toApproval(row);
}

export function listApprovals(
  db: Statements,
  { state, workspace, requestId }: ApprovalFilter,
  limit: number,
): { readonly approvals: readonly ApprovalRecord[]; readonly total: number } {
  if (requestId !== undefined) {
    const rows = db
      .all(approvalsOfRequest, { request_id: requestId })
      .filter((row) => (state ?? row.state) === row.state && (workspace ?? row.workspace) === row.workspace);
    return { approvals: rows.slice(0, limit).map(toApproval), total: rows.length };
  }
  const filter = { state: state ?? null, workspace: workspace ?? null };
  return {
    approvals: db.all(approvalsBy, { ...filter, limit }).map(toApproval),
    total: returned(db.get(approvalCount, filter)).count,
  };
}

export function readRules(db: Statements, workspace: string): readonly AgentRule[] {
  const row = db.get(rulesOf, { workspace });
  return row === undefined ? [] : (JSON.parse(row.rules) as readonly AgentRule[]);
}

function finish(db: Statements, id: string, { state, by }: ApprovalEnd, now: number): ApprovalRow | null {
  const row = db.get(endApproval, { id, state, by, now });
  if (row === undefined) return null;
  const { request_id: requestId, workspace } = row;
  appendEvent(db, { type: `approval.${state}`, requestId, workspace, at: now, data: { approvalId: id, by } });
  if (state === 'allowed') remember(db, toApproval(row));
  return row;
}

function remember(db: Statements, { workspace, decision, rules }: ApprovalRecord): void {
  if (decision?.remember !== true) return;
  const known = readRules(db, workspace);
  const all = [...new Set([...known, ...rules].map((rule) => JSON.stringify(rule)))];
  db.run(changeRules, { workspace, rules: `[${all.join(',')}]` });
}
