import type { EventRecord, EventType } from '../model/event.ts';
import type { Phase, RequestEnd, RequestRecord } from '../model/request.ts';
import type { SessionRecord } from '../model/session.ts';

/** What a caller hands in; the store adds state `queued`, epoch 0 and the session when it is new. */
export type NewRequest = Pick<
  RequestRecord,
  'id' | 'workspace' | 'agent' | 'source' | 'identity' | 'priority' | 'prompt' | 'timeoutMs' | 'replyTo' | 'createdAt'
>;

/** One caller's `Idempotency-Key`. The same key with another body is a mistake of the caller. */
export interface IdempotencyClaim {
  /** The id of the API key it belongs to. */
  readonly owner: string;
  readonly key: string;
  /** A digest of the whole body. */
  readonly bodyHash: string;
  /** Keys older than this instant are forgotten. */
  readonly notBefore: number;
}

export interface QueueLimits {
  readonly total: number;
  readonly perSession: number;
}

/** Expected outcomes of accepting are values. All are decided in one transaction. */
export type Acceptance =
  | { readonly kind: 'created' | 'replayed'; readonly request: RequestRecord }
  | { readonly kind: 'idempotency_mismatch' }
  | { readonly kind: 'agent_mismatch'; readonly agent: string }
  | { readonly kind: 'queue_full'; readonly limit: 'total' | 'session' };

/** Names the owner of a turn: a write with an older epoch changes nothing. */
export interface TurnRef {
  readonly id: string;
  readonly epoch: number;
}

export interface TurnProgress {
  readonly phase: Phase;
  readonly transcriptOffset?: number;
}

export interface NewEvent {
  readonly type: EventType;
  readonly requestId: string | null;
  readonly workspace: string;
  readonly at: number;
  readonly data?: Readonly<Record<string, unknown>>;
}

export interface SessionCounts {
  readonly active: number;
  readonly total: number;
}

/** Where state lives. Every promise of a write resolves only after the write is synced to disk;
 *  what is written in one tick shares one sync. `true` and rows mean "it changed"; `false` and null
 *  mean "somebody else was first, or you are no longer the owner: stop". */
export interface Store {
  /** Replay of the idempotency key, agent of the session, queue limits, then: row, session and `request.queued`. */
  accept(request: NewRequest, limits: QueueLimits, idempotency: IdempotencyClaim | null): Promise<Acceptance>;

  /** The head of the workspace's queue becomes running/preparing with epoch+1, and `request.started` is appended.
   *  Null when the queue is empty or a turn of this session runs. Priority class first, then order of arrival;
   *  a request that ten later ones overtook, or that has waited for five minutes, goes first. */
  claim(workspace: string, now: number): Promise<RequestRecord | null>;

  /** Phase (with its event `request.submitting` or `request.working`) and transcript offset of the running turn. */
  progress(turn: TurnRef, progress: TurnProgress, now: number): Promise<boolean>;

  /** running → queued, with `request.requeued`: the prompt provably did not reach the agent. */
  requeue(turn: TurnRef, now: number): Promise<boolean>;

  /** running → an end state, with its event: text, reason and usage in one transaction. */
  end(turn: TurnRef, end: RequestEnd, now: number): Promise<boolean>;

  /** queued → an end state, with its event; false when it is no longer queued. */
  endQueued(id: string, end: RequestEnd, now: number): Promise<boolean>;

  /** Notes on a running request that its cancel was asked (once), with `request.cancel_asked`. */
  askCancel(id: string, now: number): Promise<boolean>;

  readRequest(id: string): Promise<RequestRecord | null>;
  /** 1 for the next one to be claimed in its session; null when not queued. */
  readPosition(id: string): Promise<number | null>;
  /** All that are queued or running, oldest first. */
  listUnended(): Promise<readonly RequestRecord[]>;
  hasQueued(workspace: string): Promise<boolean>;
  listQueued(workspace: string): Promise<readonly RequestRecord[]>;

  /** Creates the session with `session.created`; an existing one is returned as it is, whatever its agent. */
  ensureSession(session: SessionRecord): Promise<{ readonly session: SessionRecord; readonly created: boolean }>;
  /** False when the session is gone. */
  updateSession(
    workspace: string,
    change: { readonly agentSessionId?: string; readonly lastActivityAt?: number },
  ): Promise<boolean>;
  /** Forgets the session with `session.deleted`; its ended requests stay readable. */
  deleteSession(workspace: string, now: number): Promise<boolean>;
  readSession(workspace: string): Promise<SessionRecord | null>;
  listSessions(): Promise<readonly SessionRecord[]>;
  /** `active`: queued or running; `total`: ever. */
  countRequests(workspace: string): Promise<SessionCounts>;

  appendEvent(event: NewEvent): Promise<EventRecord>;
  listEvents(after: number, limit: number): Promise<readonly EventRecord[]>;
  /** The latest event of one of two types; null when there is none. */
  readLastEvent(either: EventType, or: EventType): Promise<EventRecord | null>;

  /** Writes and removes a row: proof for /health that the disk takes writes. */
  probe(): Promise<void>;
  /** Waits for the writes under way, then closes the file. */
  close(): Promise<void>;
}
