// What hooks are told and may say. Plugins import these types as `gatehouse/hooks`: this file imports nothing.

/** Before a turn begins; when it has ended; when it failed or ran out of time. */
export const HOOK_EVENTS = ['pre_session', 'post_session', 'on_error'] as const;
export type HookEvent = (typeof HOOK_EVENTS)[number];

/** Who asked, and where. Over HTTP: `user_id` is the key's id, `channel_id` the caller's `chatId` or `http-api`. */
export interface SessionIdentity {
  /** `http`, `inject`, `telegram`, `discord` … */
  readonly transport: string;
  readonly user_id: string | null;
  readonly channel_id: string;
  readonly thread_id: string | null;
}

/** What pre-session hooks said for those that come behind: theirs merged, a later one's fields over an earlier one's. */
export type HookMetadata = Readonly<Record<string, unknown>>;

/** What each context holds beside its event's fields. */
export interface HookCall {
  /** The request's trace (W3C), when it has one; programs have it as TRACEPARENT too. */
  readonly traceparent?: string;
  /** The same whenever this hook is told of this event of this request again, also after a restart. */
  readonly event_id: string;
  /** `config` of the hook's entry in HOOKS_FILE. */
  readonly config: Readonly<Record<string, unknown>>;
}

export interface PreSessionFields {
  readonly identity: SessionIdentity;
  readonly message_text: string;
  /** The agent. */
  readonly engine: string | null;
  /** The workspace. */
  readonly project: string | null;
  readonly raw_message: Readonly<Record<string, unknown>>;
}

export interface PostSessionFields {
  readonly identity: SessionIdentity;
  readonly engine: string | null;
  readonly project: string | null;
  /** From its claim to its end; 0 when it never began. */
  readonly duration_ms: number;
  /** As the agent told them; null when it did not. */
  readonly tokens_in: number | null;
  readonly tokens_out: number | null;
  readonly cost_usd: number | null;
  readonly status: 'success' | 'error' | 'cancelled';
  readonly error: string | null;
  readonly message_text: string | null;
  readonly response_text: string | null;
  readonly pre_session_metadata: HookMetadata;
}

export interface OnErrorFields {
  readonly identity: SessionIdentity;
  readonly engine: string | null;
  readonly project: string | null;
  /** The request's `reason`, such as `turn_timeout`. */
  readonly error_type: string;
  readonly error_message: string;
  /** Always null: nothing of the gateway's own code is told. */
  readonly traceback: string | null;
  readonly pre_session_metadata: HookMetadata;
}

export type PreSessionContext = { readonly type: 'pre_session' } & PreSessionFields & HookCall;
export type PostSessionContext = { readonly type: 'post_session' } & PostSessionFields & HookCall;
export type OnErrorContext = { readonly type: 'on_error' } & OnErrorFields & HookCall;

/** What a pre-session hook may say. Nothing at all, and null anywhere, is as if it were left out. */
export interface PreSessionAnswer {
  /** True when it is left out. */
  readonly allow?: boolean | null;
  /** Why not, for the caller. */
  readonly reason?: string | null;
  /** With a denial: the thread of a chat is told nothing. */
  readonly silent?: boolean | null;
  readonly metadata?: HookMetadata | null;
  /** Asks a person before the turn begins: what they are to decide. */
  readonly ask?: string | null;
}

type Answer<T> = T | null | undefined | void | Promise<T | null | undefined | void>;

/** What a plugin exports. */
export type PreSession = (context: PreSessionContext) => Answer<PreSessionAnswer>;
export type PostSession = (context: PostSessionContext) => void | Promise<void>;
export type OnError = (context: OnErrorContext) => void | Promise<void>;
