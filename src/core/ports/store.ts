import type { AgentRule, ApprovalRecord, ApprovalState, Decider, Decision } from '../model/approval.ts';
import type { DeliveryRecord } from '../model/delivery.ts';
import type { EventRecord, EventType } from '../model/event.ts';
import type { HookMetadata } from '../model/hooks/contexts.ts';
import type { Within } from '../model/keys/key.ts';
import type { Alteration } from '../model/prompt.ts';
import type {
  ConversationLoss,
  Phase,
  Priority,
  RequestEnd,
  RequestRecord,
  RequestState,
  Source,
} from '../model/request.ts';
import type { SessionRecord } from '../model/session.ts';
import type { Who } from '../model/audit/audit.ts';
import type { AuditStore } from './audit/audit-store.ts';
import type { BacklogStore } from './metrics/backlog.ts';
import type { Usage } from '../model/usage/usage.ts';
import type { Acceptance, AcceptanceLimits, Foreseen, IdempotencyClaim, NewRequest } from './requests/acceptance.ts';
import type { KeyStore } from './keys/key-store.ts';
import type { OutboxStore } from './outbox-store.ts';
import type { RetentionStore } from './retention/retention-store.ts';
import type { QuickStore } from './quick/quick-store.ts';
import type { ThreadStore } from './thread-store.ts';
import type { UsageStore } from './usage/usage-store.ts';

/** What the next claim in a session would take, as far as it matters to other sessions. */
export interface QueueHead {
  /** The highest class that waits. */
  readonly priority: Priority;
  /** From this instant on (epoch milliseconds) its oldest request goes before every class: five minutes after it was
   *  accepted, 0 once ten later ones overtook it. */
  readonly agedAt: number;
}

/** Names the owner of a turn: a write with an older epoch changes nothing. */
export interface TurnRef {
  readonly id: string;
  readonly epoch: number;
}

export interface TurnProgress {
  readonly phase: Phase;
  readonly transcriptOffset?: number;
  /** All of them, from the caller to the agent. */
  readonly altered?: readonly Alteration[];
  /** The text that the agent got, where it is another one than the prompt. */
  readonly arrived?: string;
  readonly conversationLost?: ConversationLoss;
}

/** What a request that waits asks from now on. */
export interface NewPrompt {
  readonly prompt: string;
  readonly altered: readonly Alteration[];
}

export interface NewEvent {
  readonly type: EventType;
  readonly requestId: string | null;
  readonly workspace: string;
  readonly at: number;
  readonly data?: Readonly<Record<string, unknown>>;
}

/** The store adds state `open`. */
export type NewApproval = Omit<ApprovalRecord, 'state' | 'decision' | 'decidedBy' | 'decidedAt'>;

export interface ApprovalEnd {
  readonly state: Exclude<ApprovalState, 'open'>;
  readonly by: Decider;
}

/** What is not named fits. */
export interface EventFilter extends Within {
  readonly requestId?: string;
  readonly workspace?: string;
}

/** What is not named fits. */
export interface RequestFilter extends Within {
  readonly workspace?: string;
  readonly state?: RequestState;
  readonly source?: Source;
  /** Accepted then or later … */
  readonly from?: number;
  /** … and before this instant. */
  readonly to?: number;
}

/** In the list of all requests, which no new one changes. */
export interface RequestPlace {
  readonly createdAt: number;
  readonly seq: number;
}

/** A request without its long texts. */
export interface ListedRequest extends Pick<
  RequestRecord,
  | 'id'
  | 'workspace'
  | 'agent'
  | 'source'
  | 'priority'
  | 'state'
  | 'phase'
  | 'reason'
  | 'retryable'
  | 'error'
  | 'createdAt'
  | 'startedAt'
  | 'completedAt'
  | 'retries'
> {
  /** Of its answer in UTF-8; null when there is none. */
  readonly bytes: number | null;
  readonly place: RequestPlace;
}

export interface RequestStanding {
  readonly request: RequestRecord;
  /** 1 for the next one to be claimed in its session; null when not queued. */
  readonly position: number | null;
  /** The first of each, oldest first. */
  readonly approvals: readonly ApprovalRecord[];
  readonly deliveries: readonly DeliveryRecord[];
}

export interface ApprovalFilter extends Within {
  readonly state?: ApprovalState;
  readonly workspace?: string;
  readonly requestId?: string;
}

export interface SessionCounts {
  readonly active: number;
  readonly total: number;
}

/** Where state lives. `who`: who asked for it, which is written down with it; absent: the gateway itself. Every promise of a write resolves only after the write is synced to disk;
 *  what is written in one tick shares one sync. `true` and rows mean "it changed"; `false` and null
 *  mean "somebody else was first, or you are no longer the owner: stop". */
export interface Store
  extends OutboxStore, ThreadStore, QuickStore, UsageStore, BacklogStore, KeyStore, RetentionStore, AuditStore {
  /** Replay of the idempotency key, agent of the session, limits, then: row, session, what is owed and
   *  `request.queued`. */
  accept(request: NewRequest, limits: AcceptanceLimits, idempotency: IdempotencyClaim | null): Promise<Acceptance>;
  /** For what has to be made before a request can be accepted: stores nothing. */
  foresee(limits: AcceptanceLimits, idempotency: IdempotencyClaim | null): Promise<Foreseen>;
  /** The request that an owner's key brought; null when there is none. */
  findByKey(owner: string, key: string): Promise<RequestRecord | null>;
  /** The kept keys of an owner. */
  listKeptKeys(owner: string): Promise<readonly string[]>;
  /** Forgets a kept key. */
  releaseKey(owner: string, key: string): Promise<void>;

  /** Nobody attends the answer any more: an unended request gets `request.left`, and becomes a background one while it
   *  is queued. Null when nobody attended it. */
  leave(id: string, now: number): Promise<RequestRecord | null>;
  /** The same for all that are attended. */
  leaveAll(now: number): Promise<void>;
  /** The answer has been handed over, so it is owed no longer. */
  settleAnswer(id: string): Promise<void>;

  /** The head of the workspace's queue becomes running/preparing with epoch+1, and `request.started` is appended.
   *  Null when the queue is empty or a turn of this session runs. Priority class first, then order of arrival;
   *  a request that ten later ones overtook, or that has waited for five minutes, goes first. */
  claim(workspace: string, now: number): Promise<RequestRecord | null>;

  /** Phase (with its event `request.submitting` or `request.working`) and transcript offset of the running turn. */
  progress(turn: TurnRef, progress: TurnProgress, now: number): Promise<boolean>;

  /** What the hooks said that were asked before the turn, all of it. Its end is told with it; the next claim forgets it. */
  keepHookMetadata(turn: TurnRef, metadata: HookMetadata): Promise<boolean>;

  /** running → queued, with `request.requeued`: the prompt provably did not reach the agent. */
  requeue(turn: TurnRef, now: number): Promise<boolean>;

  /** running → an end state, with its event: text, reason, and usage unless it is pending, in one transaction. Its open
   *  approvals end with it: as they were decided, otherwise `expired`. */
  end(turn: TurnRef, end: RequestEnd, now: number): Promise<boolean>;

  /** What a turn took that ended with usage `pending`, once, with `usage.noted`; null: nobody knows. Resolves with the
   *  addresses to which something of the request is owed; null: nothing was pending. */
  noteUsage(turn: TurnRef, usage: Usage | null, now: number): Promise<readonly string[] | null>;

  /** queued → an end state, with its event; false when it is no longer queued. */
  endQueued(id: string, end: RequestEnd, now: number, who?: Who): Promise<boolean>;

  /** Every queued request that was accepted at `acceptedUntil` or earlier → an end state, each with its event, all in one
   *  transaction. Returns them as they ended, in the order of arrival. */
  endOverdue(acceptedUntil: number, end: RequestEnd, now: number): Promise<readonly RequestRecord[]>;

  /** Another prompt for a request that is queued, at its place, with `request.changed`; false when it is queued no longer. */
  changePrompt(id: string, next: NewPrompt, now: number): Promise<boolean>;

  /** Notes on a running request that its cancel was asked (once), with `request.cancel_asked`. */
  askCancel(id: string, now: number, who?: Who): Promise<boolean>;

  readRequest(id: string): Promise<RequestRecord | null>;
  /** With what stands beside it, all of one moment; null when there is none. */
  readStanding(id: string): Promise<RequestStanding | null>;
  /** Null when nothing waits in this workspace. */
  readHead(workspace: string): Promise<QueueHead | null>;
  /** 1 for the next one to be claimed in its session; null when not queued. */
  readPosition(id: string): Promise<number | null>;
  /** How long the last completed turns of a workspace took, at most `limit`, in milliseconds; the youngest first. */
  readDurations(workspace: string, limit: number): Promise<readonly number[]>;
  /** When the request was accepted that has waited longest; null when none waits. */
  readOldestQueuedAt(): Promise<number | null>;
  /** All that are queued or running, oldest first. */
  listUnended(): Promise<readonly RequestRecord[]>;
  /** Those that ended and whose usage is still to come. */
  listUsagePending(): Promise<readonly RequestRecord[]>;
  /** Those that are told to this address and are queued or running, newest first. */
  listUnendedFor(replyTo: string, limit: number): Promise<readonly RequestRecord[]>;
  /** Those that fit, newest first, behind a place. Costs no more where there are many. */
  listRequests(filter: RequestFilter, behind: RequestPlace | null, limit: number): Promise<readonly ListedRequest[]>;
  hasQueued(workspace: string): Promise<boolean>;
  listQueued(workspace: string): Promise<readonly RequestRecord[]>;

  /** Adds the approval with `approval.opened`, and its turn becomes running/waiting_approval. The one of the same
   *  request and tool use is returned as it is. Null: no longer the owner of the turn. */
  openApproval(turn: TurnRef, approval: NewApproval): Promise<ApprovalRecord | null>;
  /** Notes the decision on an open approval that has none; false when somebody else was first. */
  decideApproval(id: string, decision: Decision, by: Decider, now: number, who?: Who): Promise<boolean>;
  /** open → another state, with its event. The request's last one makes its turn running/working again. One that was
   *  allowed with `remember` adds its rules to the session. False when it is not open. */
  settleApproval(id: string, end: ApprovalEnd, now: number): Promise<boolean>;
  readApproval(id: string): Promise<ApprovalRecord | null>;
  /** Newest first. */
  listApprovals(
    filter: ApprovalFilter,
    limit: number,
  ): Promise<{ readonly approvals: readonly ApprovalRecord[]; readonly total: number }>;
  /** What was allowed for the session with `remember`. */
  readRules(workspace: string): Promise<readonly AgentRule[]>;

  /** Creates the session with `session.created`; an existing one is returned as it is, whatever its agent. */
  ensureSession(
    session: SessionRecord,
    who?: Who,
  ): Promise<{ readonly session: SessionRecord; readonly created: boolean }>;
  /** False when the session is gone. */
  updateSession(
    workspace: string,
    change: { readonly agentSessionId?: string; readonly lastActivityAt?: number },
  ): Promise<boolean>;
  /** Forgets the session with `session.deleted`; its ended requests stay readable. */
  deleteSession(workspace: string, now: number, who?: Who): Promise<boolean>;
  readSession(workspace: string): Promise<SessionRecord | null>;
  listSessions(): Promise<readonly SessionRecord[]>;
  /** `active`: queued or running; `total`: ever. */
  countRequests(workspace: string): Promise<SessionCounts>;

  appendEvent(event: NewEvent): Promise<EventRecord>;
  /** In order; `after`: a seq. */
  listEvents(after: number, limit: number, filter?: EventFilter): Promise<readonly EventRecord[]>;
  /** The oldest event that is kept, and the latest; 1 and 0 when there was none. */
  readEventSpan(): Promise<{ readonly first: number; readonly last: number }>;
  /** Calls the listener after every write that may have appended events; the returned function ends it. */
  onAppended(listener: () => void): () => void;
  /** The latest `agent.paused` or `agent.resumed`; null when there is none. */
  readLastPauseEvent(): Promise<EventRecord | null>;

  /** Writes and removes a row: proof for /health that the disk takes writes. */
  probe(): Promise<void>;
  /** Waits for the writes under way, then closes the file. */
  close(): Promise<void>;
}
