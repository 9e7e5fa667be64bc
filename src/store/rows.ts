import type { Selectable } from 'kysely';
import type { AgentName } from '../core/model/agent.ts';
import type { EventRecord, EventType } from '../core/model/event.ts';
import type { Identity } from '../core/model/identity.ts';
import {
  isRetryable,
  type Phase,
  type Priority,
  type Reason,
  type RequestRecord,
  type RequestState,
  type Source,
  type Usage,
} from '../core/model/request.ts';
import type { SessionRecord } from '../core/model/session.ts';
import type { EventsTable, RequestsTable, SessionsTable } from './tables.ts';

export function toRequest(row: Selectable<RequestsTable>): RequestRecord {
  const reason = row.reason as Reason | null;
  return {
    id: row.id,
    workspace: row.workspace,
    agent: row.agent as AgentName,
    source: row.source as Source,
    identity: JSON.parse(row.identity) as Identity,
    priority: row.priority as Priority,
    prompt: row.prompt,
    timeoutMs: row.timeout_ms,
    replyTo: row.reply_to,
    state: row.state as RequestState,
    phase: row.phase as Phase | null,
    reason,
    retryable: reason === null ? null : isRetryable(reason),
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
  };
}

export function toSession(row: Selectable<SessionsTable>): SessionRecord {
  return {
    workspace: row.workspace,
    agent: row.agent as AgentName,
    agentSessionId: row.agent_session_id,
    createdAt: row.created_at,
    lastActivityAt: row.last_activity_at,
  };
}

export function toEvent(row: Selectable<EventsTable>): EventRecord {
  return {
    seq: row.seq,
    type: row.type as EventType,
    requestId: row.request_id,
    workspace: row.workspace,
    at: row.at,
    data: JSON.parse(row.data) as Readonly<Record<string, unknown>>,
  };
}
