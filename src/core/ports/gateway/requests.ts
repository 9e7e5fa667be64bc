import type { Who } from '../../model/audit/audit.ts';
import type { AgentName } from '../../model/agent.ts';
import type { ApprovalRecord } from '../../model/approval.ts';
import type { DeliveryRecord } from '../../model/delivery.ts';
import type { Identity } from '../../model/request.ts';
import type { Priority, RequestRecord, Source } from '../../model/request.ts';
import type { ListedRequest, RequestFilter, RequestPlace } from '../store.ts';

/** What callers asked for. */
export interface RequestsApi {
  /** Resolves only after the request is on disk. Throws `draining`, `invalid_field`, `prompt_too_large`,
   *  `queue_full`, `idempotency_mismatch`, `agent_mismatch`. */
  submit(submission: Submission): Promise<Submitted>;
  /** For surfaces that make a workspace first: throws what `submit` would, whatever the workspace, and stores nothing.
   *  Resolves with the earlier request that an Idempotency-Key brings back, and null when it would be a new one. */
  foresee(submission: Omit<Submission, 'workspace'>): Promise<RequestRecord | null>;
  /** Throws `not_found`. */
  read(id: string): Promise<RequestView>;
  /** Resolves with the request when it has ended, or as it stands when `signal` aborts. Throws `not_found`. */
  waitForEnd(id: string, signal: AbortSignal): Promise<RequestRecord>;
  /** Idempotent: an ended request is returned as it is. A running one is interrupted; its end follows soon. Throws `not_found`. */
  cancel(id: string, who?: Who): Promise<RequestRecord>;
  /** Another prompt for a request that waits, at its place. Null: it waits no longer. Throws as `submit` does for a prompt
   *  that is wrong. */
  change(id: string, prompt: string, promptField: string): Promise<RequestRecord | null>;
  /** What is told to this address and is queued or running, newest first. */
  unendedFor(replyTo: string, limit: number): Promise<readonly RequestRecord[]>;
  /** Those that fit, newest first, behind a place. */
  list(filter: RequestFilter, behind: RequestPlace | null, limit: number): Promise<readonly ListedRequest[]>;
}

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
  /** Where the caller says it is: told as `replyTo` is when it is a place in a chat and there is no `replyTo`. */
  readonly chatId?: string;
  /** What the caller says of its trace, as it says it. */
  readonly traceparent?: string;
  readonly idempotency?: IdempotencyKey;
  /** A client waits for the answer at its connection: see AnswersApi. */
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
  /** It is remembered until it is released, instead of for a day: see KeptKeysApi. */
  readonly kept?: boolean;
}

export interface Submitted {
  readonly request: RequestRecord;
  /** True when an earlier request with the same Idempotency-Key is returned. */
  readonly replayed: boolean;
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
  /** What is owed of it to others, oldest first. */
  readonly deliveries: readonly DeliveryRecord[];
}

export const PAUSE_REASONS = ['usage_limited', 'auth_expired'] as const;
export type PauseReason = (typeof PAUSE_REASONS)[number];

/** Why no request of an agent is started for now. It ends by itself. */
export interface Pause {
  readonly reason: PauseReason;
  /** What the agent said. */
  readonly message: string;
  /** Epoch milliseconds. */
  readonly since: number;
  /** When the agent is asked again (epoch milliseconds). */
  readonly nextProbeAt: number;
}

/** The keys of submissions that are remembered until they are released. */
export interface KeptKeysApi {
  /** Those of an owner. */
  list(owner: string): Promise<readonly string[]>;
  release(owner: string, key: string): Promise<void>;
}
