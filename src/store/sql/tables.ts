import type { Generated } from 'kysely';
import type { AuditAction } from '../../core/model/audit/audit.ts';
import type { AgentName } from '../../core/model/agent.ts';
import type { ApprovalKind, ApprovalState, Decider } from '../../core/model/approval.ts';
import type { DeliveredEvent, DeliveryKind, DeliveryState } from '../../core/model/delivery.ts';
import type { EventType } from '../../core/model/event.ts';
import type { QuickState } from '../../core/model/quick/session.ts';
import type { ConversationLoss, Phase, Priority, Reason, RequestState, Source } from '../../core/model/request.ts';

/** The tables as the newest migration leaves them. Instants are epoch milliseconds, booleans 0 or 1, JSON is text. */
export interface Tables {
  readonly requests: RequestsTable;
  readonly sessions: SessionsTable;
  readonly approvals: ApprovalsTable;
  readonly events: EventsTable;
  readonly idempotency: IdempotencyTable;
  readonly owed_answers: OwedAnswersTable;
  readonly deliveries: DeliveriesTable;
  readonly failing_lanes: FailingLanesTable;
  readonly webhooks: WebhooksTable;
  readonly hooks: HooksTable;
  readonly threads: ThreadsTable;
  readonly queue_lengths: QueueLengthsTable;
  readonly quick_sessions: QuickSessionsTable;
  readonly quick_ids: QuickIdsTable;
  readonly spending: SpendingTable;
  readonly keys: KeysTable;
  readonly audit: AuditTable;
  readonly probes: ProbesTable;
}

export interface RequestsTable {
  /** The order of arrival. */
  readonly seq: Generated<number>;
  readonly id: string;
  readonly workspace: string;
  /** The session that it was accepted into, which may be forgotten since. */
  readonly session_id: number;
  readonly agent: AgentName;
  readonly source: Source;
  readonly identity: string;
  readonly priority: Priority;
  /** The place of the class in PRIORITIES: low goes first. */
  readonly rank: number;
  readonly prompt: string;
  /** JSON; null for none. */
  readonly altered: Generated<string | null>;
  readonly arrived: Generated<string | null>;
  readonly conversation_lost: Generated<ConversationLoss | null>;
  readonly timeout_ms: number;
  readonly reply_to: string | null;
  readonly state: RequestState;
  readonly phase: Phase | null;
  readonly reason: Reason | null;
  readonly retryable: number | null;
  readonly error: string | null;
  readonly cancel_asked_at: number | null;
  readonly created_at: number;
  /** Of the last claim; null again once requeued. */
  readonly started_at: number | null;
  readonly completed_at: number | null;
  readonly epoch: number;
  readonly transcript_offset: number | null;
  /** The place in its queue that was told last; null when none was, and once it was claimed. */
  readonly told_position: Generated<number | null>;
  readonly text: string | null;
  readonly usage: string | null;
  /** 1: it ended, and its usage is still to come. */
  readonly usage_pending: Generated<number>;
  /** JSON; null for none. */
  readonly hook_metadata: Generated<string | null>;
  /** JSON; null for none. */
  readonly trace: Generated<string | null>;
  /** The key whose limits it counts against; null for none. */
  readonly key: Generated<string | null>;
}

export interface SessionsTable {
  /** Never reused: a workspace whose session was deleted gets another one. */
  readonly id: Generated<number>;
  readonly workspace: string;
  readonly agent: AgentName;
  readonly agent_session_id: string | null;
  readonly created_at: number;
  readonly last_activity_at: number;
  /** What was allowed for it with `remember`. */
  readonly rules: Generated<string>;
  /** How many requests it ever accepted. Kept by a trigger on `requests`: never write it. */
  readonly accepted: Generated<number>;
}

export interface ApprovalsTable {
  /** The order in which they came. */
  readonly seq: Generated<number>;
  readonly id: string;
  readonly request_id: string;
  readonly workspace: string;
  readonly kind: ApprovalKind;
  readonly tool_use_id: string;
  readonly subagent: string | null;
  readonly tool: string;
  readonly input: string;
  readonly rules: string;
  readonly state: ApprovalState;
  readonly decision: string | null;
  readonly decided_by: Decider | null;
  readonly decided_at: number | null;
  readonly created_at: number;
  readonly expires_at: number;
}

export interface EventsTable {
  readonly seq: Generated<number>;
  readonly type: EventType;
  readonly request_id: string | null;
  readonly workspace: string;
  readonly at: number;
  readonly data: string;
}

export interface IdempotencyTable {
  readonly owner: string;
  readonly key: string;
  readonly body_hash: string;
  readonly request_id: string;
  readonly created_at: number;
  /** 1: until it is released. */
  readonly kept: Generated<number>;
}

/** A row goes when its answer has been handed over. */
export interface OwedAnswersTable {
  readonly request_id: string;
  readonly file: string | null;
  readonly attended: number;
}

export interface DeliveriesTable {
  readonly seq: Generated<number>;
  readonly id: string;
  /** The address. */
  readonly lane: string;
  readonly kind: DeliveryKind;
  readonly rank: number;
  readonly request_id: string | null;
  readonly workspace: string | null;
  readonly webhook_id: string | null;
  readonly event_type: DeliveredEvent['type'];
  readonly event_at: number;
  readonly event_data: string;
  readonly state: DeliveryState;
  readonly attempts: number;
  /** 1: an earlier attempt may have been taken. */
  readonly unsure: number;
  readonly created_at: number;
  readonly owed_since: number;
  readonly ended_at: number | null;
  readonly last_error: string | null;
  readonly link: string | null;
  readonly messages: Generated<string>;
}

export interface FailingLanesTable {
  readonly lane: string;
  readonly failures: number;
  readonly failing_since: number;
  readonly not_before: number;
  readonly paused_at: number | null;
  readonly last_error: string;
}

export interface WebhooksTable {
  readonly seq: Generated<number>;
  readonly id: string;
  readonly url: string;
  readonly events: string;
  readonly workspaces: string | null;
  readonly created_at: number;
  readonly disabled_at: number | null;
  readonly secrets: string;
}

export interface HooksTable {
  readonly place: number;
  readonly name: string;
  readonly events: string;
  readonly fail_closed: number;
  readonly sources: string | null;
  readonly workspaces: string | null;
}

export interface ThreadsTable {
  readonly seq: Generated<number>;
  readonly transport: string;
  readonly chat: string;
  readonly thread_id: string;
  readonly workspace: string;
  readonly name: string;
  readonly created_at: number;
  /** Ids of messages of which nothing more comes, as a list in JSON. */
  readonly handled: Generated<string>;
}

/** Kept by triggers on `requests`: never write it. */
export interface QueueLengthsTable {
  /** '' for all workspaces together. */
  readonly workspace: string;
  readonly length: number;
}

export interface QuickSessionsTable {
  readonly seq: Generated<number>;
  readonly id: string;
  readonly repo: string;
  readonly state: QuickState;
  /** Null while it is starting, like the next two. */
  readonly path: Generated<string | null>;
  readonly branch: Generated<string | null>;
  readonly base: Generated<string | null>;
  readonly created_at: number;
}

/** One row: the last second that was given as an id. */
export interface QuickIdsTable {
  readonly last: number;
}

/** What an ended turn took, a row for each model. */
export interface SpendingTable {
  readonly seq: Generated<number>;
  /** Of its end. */
  readonly at: number;
  readonly request_id: string;
  readonly session_id: number;
  readonly workspace: string;
  /** Who asked. */
  readonly key: string | null;
  readonly model: string;
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly cache_read_tokens: number;
  readonly cache_write_tokens: number;
  readonly cost_micro_usd: number | null;
}

export interface KeysTable {
  readonly seq: Generated<number>;
  readonly id: string;
  readonly name: string;
  readonly sha256: string;
  /** JSON, like the next one. */
  readonly scopes: string;
  /** Null: all. */
  readonly workspaces: string | null;
  readonly rate_limit_max: number | null;
  readonly active_max: number | null;
  readonly daily_turns_max: number | null;
  readonly daily_cost_micro_usd_max: number | null;
  readonly created_at: number;
  readonly expires_at: number | null;
  readonly last_used_at: Generated<number | null>;
}

/** Never changed, never removed. */
export interface AuditTable {
  /** Without a gap: given by hand. */
  readonly seq: number;
  readonly at: number;
  readonly who: string;
  readonly action: AuditAction;
  readonly workspace: string | null;
  readonly subject: string | null;
  /** JSON. */
  readonly detail: string;
  readonly hash: string;
}

export interface ProbesTable {
  readonly id: number;
}
