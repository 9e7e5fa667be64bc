import type { AgentName } from '../model/agent.ts';
import type { Answers, ApprovalRecord, PlanMode } from '../model/approval.ts';
import type { EventRecord } from '../model/event.ts';
import type { Identity } from '../model/identity.ts';
import type { Priority, RequestRecord, Source } from '../model/request.ts';
import type { SessionRecord, SessionStatus } from '../model/session.ts';
import type { TerminalSize } from '../model/terminal.ts';
import type { ProcessDetails } from './agent.ts';
import type { ApprovalFilter, EventFilter, ListedRequest, RequestFilter, RequestPlace } from './store.ts';
import type { AttachedTerminal } from './terminal.ts';

/** What a surface hands in. Already of the right types; meaning is checked by the flow. */
export interface Submission {
  readonly workspace: string;
  /** The raw text; the flow normalises it. */
  readonly prompt: string;
  /** The name of the prompt's field on that surface, for errors. */
  readonly promptField: string;
  readonly source: Source;
  readonly identity: Identity;
  readonly priority: Priority;
  /** 1,000 to 86,400,000; the gateway's default when absent. */
  readonly timeoutMs?: number;
  readonly agent?: AgentName;
  readonly replyTo?: string;
  readonly idempotency?: IdempotencyKey;
  /** A client waits for the answer at its connection: see `leave`. */
  readonly attended?: boolean;
  /** The answer is owed as a response file of this name, its ending left out. An attended one is, once its client has
   *  left, named after its id when this is absent. */
  readonly responseFile?: string;
}

export interface IdempotencyKey {
  readonly owner: string;
  readonly key: string;
  readonly bodyHash: string;
  /** The name of the key on that surface, for errors. */
  readonly field: string;
  /** It is remembered until it is released, instead of for a day. */
  readonly kept?: boolean;
}

export interface Submitted {
  readonly request: RequestRecord;
  /** True when an earlier request with the same Idempotency-Key is returned. */
  readonly replayed: boolean;
}

/** A session as the API shows it. */
export interface SessionView extends SessionRecord {
  readonly sessionName: string;
  readonly status: SessionStatus;
  readonly activeRequests: number;
  readonly totalRequests: number;
  /** The request whose turn runs. */
  readonly runningRequestId: string | null;
  /** Milliseconds since `createdAt`. */
  readonly age: number;
  /** The line to type for attaching to it; null while it is asleep. */
  readonly attach: string | null;
  /** People who are attached. */
  readonly attached: number;
  /** Null while it is asleep. */
  readonly process: ProcessDetails | null;
}

/** Why no request of an agent is started for now. It ends by itself. */
export interface Pause {
  readonly reason: 'usage_limited' | 'auth_expired';
  /** What the agent said. */
  readonly message: string;
  /** Epoch milliseconds. */
  readonly since: number;
  /** When the agent is asked again (epoch milliseconds). */
  readonly nextProbeAt: number;
}

/** A request and where it stands in its queue. */
export interface RequestView {
  readonly request: RequestRecord;
  /** 1 for the next one of its session; null when not queued. */
  readonly position: number | null;
  /** Epoch milliseconds; null once ended, and before the first completed turn of the workspace. */
  readonly estimatedCompletionAt: number | null;
  /** Set while it is queued and its agent is paused. */
  readonly pause: Pause | null;
  /** The permission prompts of its turn, oldest first. */
  readonly approvals: readonly ApprovalRecord[];
}

/** What a caller says of an approval; what does not fit its prompt is refused. */
export interface GivenDecision {
  readonly allow: boolean;
  /** For the agent, with a denial. */
  readonly message?: string;
  readonly remember?: boolean;
  readonly answers?: Answers;
  readonly mode?: PlanMode;
}

/** How somebody wants to sit at the terminal of a session. */
export interface TerminalWish extends TerminalSize {
  readonly write: boolean;
}

export interface HealthCheck {
  readonly healthy: boolean;
  readonly [detail: string]: unknown;
}

export interface Health {
  readonly status: 'healthy' | 'degraded';
  /** Epoch milliseconds; the HTTP API prints it as seed 003 does, in ISO 8601. */
  readonly timestamp: number;
  readonly checks: {
    readonly tmuxServer: HealthCheck;
    readonly sessions: HealthCheck;
    readonly filesystem: HealthCheck;
    readonly gateway: HealthCheck;
    readonly store: HealthCheck;
    readonly agent: HealthCheck;
  };
}

/** What every surface talks to. All failures are GatewayError. */
export interface GatewayApi {
  /** Resolves only after the request is on disk. Throws `draining`, `invalid_field`, `prompt_too_large`,
   *  `queue_full`, `idempotency_mismatch`, `agent_mismatch`. */
  submit(submission: Submission): Promise<Submitted>;
  /** The kept keys of an owner. */
  listKeptKeys(owner: string): Promise<readonly string[]>;
  releaseKey(owner: string, key: string): Promise<void>;
  /** The client that attended the answer went away. A queued request goes on as a background one, and the answer is
   *  written as a response file where there is a folder for them. */
  leave(id: string): Promise<void>;
  /** The client that attended the answer has it. */
  handedOver(id: string): Promise<void>;
  /** Throws `not_found`. */
  readRequest(id: string): Promise<RequestView>;
  /** Resolves with the request when it has ended, or as it stands when `signal` aborts. Throws `not_found`. */
  waitForEnd(id: string, signal: AbortSignal): Promise<RequestRecord>;
  /** Idempotent: an ended request is returned as it is. A running one is interrupted; its end follows soon. Throws `not_found`. */
  cancel(id: string): Promise<RequestRecord>;
  /** Those that fit, newest first, behind a place. */
  listRequests(filter: RequestFilter, behind: RequestPlace | null, limit: number): Promise<readonly ListedRequest[]>;
  listSessions(): Promise<readonly SessionView[]>;
  /** Throws `not_found`. */
  readSession(workspace: string): Promise<SessionView>;
  /** Creates the session when it is new and starts its agent in the background. Throws `agent_mismatch`, `invalid_field`, `draining`. */
  createSession(
    workspace: string,
    agent: AgentName | undefined,
  ): Promise<{ readonly session: SessionView; readonly created: boolean }>;
  /** Throws `not_found`, and `session_busy` while requests are active unless forced (they then fail with `session_deleted`). */
  deleteSession(workspace: string, force: boolean): Promise<void>;
  /** The pane as text. Throws `not_found` for an unknown workspace, `no_screen` while the session is asleep. */
  readScreen(workspace: string): Promise<string>;
  /** The caller closes it. Throws `draining`, `not_found`, `no_screen` as above, `terminal_read_only` for a wish to write
   *  where that is not allowed, `too_many_terminals`, `terminal_unavailable`. */
  openTerminal(workspace: string, wish: TerminalWish): Promise<AttachedTerminal>;
  /** Newest first; `total` counts all that match. */
  listApprovals(
    filter: ApprovalFilter,
    limit: number,
  ): Promise<{ readonly approvals: readonly ApprovalRecord[]; readonly total: number }>;
  /** Throws `not_found`. */
  readApproval(id: string): Promise<ApprovalRecord>;
  /** Resolves when the agent has taken the decision, or after ten seconds as it stands: it is on disk then, and will be
   *  given. Throws `not_found`, `invalid_field`, and `approval_decided` when somebody else was first. */
  decideApproval(id: string, given: GivenDecision): Promise<ApprovalRecord>;
  /** The events that fit and follow `after` (a seq; 0 for all that are kept; by default what comes from now on), in
   *  order, without gap or repeat: what is stored, then what comes. Ends when the signal aborts, when the gateway drains,
   *  and behind the end of the request that the filter names; null when that was before `after`. Throws `not_found` for an unknown request, `cursor_ahead`, `cursor_gone`. */
  follow(
    filter: EventFilter,
    after: number | undefined,
    signal: AbortSignal,
  ): Promise<AsyncIterable<readonly EventRecord[]> | null>;
  health(): Promise<Health>;
  /** False before recovery is done and while draining. */
  isReady(): boolean;
}
