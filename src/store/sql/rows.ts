import type { Selectable } from 'kysely';
import type { AgentRule, ApprovalRecord, Decision } from '../../core/model/approval.ts';
import type { EventRecord } from '../../core/model/event.ts';
import type { Identity } from '../../core/model/request.ts';
import type { RequestRecord } from '../../core/model/request.ts';
import type { Trace } from '../../core/model/trace/trace.ts';
import type { Usage } from '../../core/model/usage/usage.ts';
import type { SessionRecord } from '../../core/model/session.ts';
import type { ApprovalsTable, EventsTable, RequestsTable, SessionsTable } from './tables.ts';

export type RequestRow = Selectable<RequestsTable>;
export type SessionRow = Selectable<SessionsTable>;
export type EventRow = Selectable<EventsTable>;
export type ApprovalRow = Selectable<ApprovalsTable>;

export function toRequest(row: RequestRow): RequestRecord {
  return {
    id: row.id,
    workspace: row.workspace,
    agent: row.agent,
    source: row.source,
    identity: JSON.parse(row.identity) as Identity,
    priority: row.priority,
    prompt: row.prompt,
    altered: row.altered === null ? [] : (JSON.parse(row.altered) as RequestRecord['altered']),
    arrived: row.arrived,
    conversationLost: row.conversation_lost,
    timeoutMs: row.timeout_ms,
    replyTo: row.reply_to,
    trace: row.trace === null ? null : (JSON.parse(row.trace) as Trace),
    state: row.state,
    phase: row.phase,
    reason: row.reason,
    retryable: row.retryable === null ? null : row.retryable === 1,
    error: row.error,
    cancelAskedAt: row.cancel_asked_at,
    createdAt: row.created_at,
    startedAt: row.started_at,
    completedAt: row.completed_at,
    epoch: row.epoch,
    retries: Math.max(0, row.epoch - 1),
    transcriptOffset: row.transcript_offset,
    text: row.text,
    usage: row.usage === null ? null : (JSON.parse(row.usage) as Usage),
    usagePending: row.usage_pending === 1,
    hookMetadata: row.hook_metadata === null ? {} : (JSON.parse(row.hook_metadata) as RequestRecord['hookMetadata']),
  };
}

export function toSession(row: SessionRow): SessionRecord {
  return {
    workspace: row.workspace,
    agent: row.agent,
    agentSessionId: row.agent_session_id,
    createdAt: row.created_at,
    lastActivityAt: row.last_activity_at,
  };
}

export function toEvent(row: EventRow): EventRecord {
  return {
    seq: row.seq,
    type: row.type,
    requestId: row.request_id,
    workspace: row.workspace,
    at: row.at,
    data: JSON.parse(row.data) as EventRecord['data'],
  };
}

export function toApproval(row: ApprovalRow): ApprovalRecord {
  return {
    id: row.id,
    requestId: row.request_id,
    workspace: row.workspace,
    kind: row.kind,
    toolUseId: row.tool_use_id,
    subagent: row.subagent,
    tool: row.tool,
    input: JSON.parse(row.input) as ApprovalRecord['input'],
    rules: JSON.parse(row.rules) as readonly AgentRule[],
    state: row.state,
    decision: row.decision === null ? null : (JSON.parse(row.decision) as Decision),
    decidedBy: row.decided_by,
    decidedAt: row.decided_at,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
  };
}

/** Null for none: most prompts arrive as they were sent. */
export function toAltered(altered: RequestRecord['altered']): string | null {
  return altered.length === 0 ? null : JSON.stringify(altered);
}
