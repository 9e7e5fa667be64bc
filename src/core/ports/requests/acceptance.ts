import type { AgentName } from '../../model/agent.ts';
import type { Alteration } from '../../model/prompt.ts';
import type { RequestRecord } from '../../model/request.ts';
import type { Trace } from '../../model/trace/trace.ts';

/** What a caller hands in; the store adds state `queued`, epoch 0 and the session when it is new. */
export type NewRequest = Pick<
  RequestRecord,
  'id' | 'workspace' | 'agent' | 'source' | 'identity' | 'priority' | 'prompt' | 'timeoutMs' | 'replyTo' | 'createdAt'
> & {
  /** Where the caller asks for no agent: `agent` is what a new session gets, and one that is there may have any of these. */
  readonly agents?: readonly AgentName[];
  /** None when absent. */
  readonly altered?: readonly Alteration[];
  readonly trace?: Trace | null;
  readonly owed?: OwedAnswer;
  /** The audit log has the prompt, too. */
  readonly notesPrompt?: boolean;
};

/** The answer of a request that is owed to somebody, beside being readable by its id. */
export interface OwedAnswer {
  /** The response file that it is owed as, without its ending; null: as none. */
  readonly file: string | null;
  /** A client waits for it at its connection. Until it leaves, no file is due. */
  readonly attended: boolean;
}

/** One caller's `Idempotency-Key`. The same key with another body is a mistake of the caller. */
export interface IdempotencyClaim {
  /** Whose it is, as the id of an API key. */
  readonly owner: string;
  readonly key: string;
  /** A digest of the whole body. */
  readonly bodyHash: string;
  /** Keys older than this instant are forgotten, but for kept ones. */
  readonly notBefore: number;
  /** It is remembered until it is released. */
  readonly kept?: boolean;
}

/** What stands against more work. */
export interface AcceptanceLimits {
  /** Requests that may wait in all … */
  readonly total: number;
  /** … and in one session. */
  readonly perSession: number;
  readonly budgets?: Budgets;
  /** Whose own limits count, when it has some; `since`: the begin of the day. */
  readonly key?: { readonly id: string; readonly since: number };
}

/** Once so much is spent, nothing more is accepted. In millionths of a US dollar; what is not named has no limit, and
 *  what is not known counts as nothing. */
export interface Budgets {
  /** Of all work since an instant. */
  readonly day?: { readonly since: number; readonly maxMicroUsd: number };
  /** Of the session that the request is for. */
  readonly session?: { readonly maxMicroUsd: number };
}

/** Expected outcomes of accepting are values. All are decided in one transaction. */
export type Acceptance =
  | Replay
  | { readonly kind: 'created'; readonly request: RequestRecord; readonly isNewSession: boolean }
  | { readonly kind: 'agent_mismatch'; readonly agent: string }
  /** The session has one that is none of those that it may have. */
  | { readonly kind: 'agent_unknown'; readonly agent: string }
  | { readonly kind: 'queue_full'; readonly limit: 'total' | 'session' }
  | { readonly kind: 'budget_spent'; readonly limit: 'day' | 'session' }
  | KeyLimited;

/** The key has had as much as it may. */
export interface KeyLimited {
  readonly kind: 'key_limited';
  readonly limit: 'active' | 'turns' | 'cost';
  readonly max: number;
}

/** What an Idempotency-Key that is known makes of a request. */
export type Replay =
  | { readonly kind: 'replayed'; readonly request: RequestRecord }
  | { readonly kind: 'idempotency_mismatch' };

/** What accepting would come to, whatever the workspace. `free`: nothing stands against it. */
export type Foreseen =
  | Replay
  | { readonly kind: 'queue_full'; readonly limit: 'total' }
  | { readonly kind: 'budget_spent'; readonly limit: 'day' }
  | { readonly kind: 'free' };
