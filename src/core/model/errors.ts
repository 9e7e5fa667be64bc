/** What a caller may do about an error. */
export type Retry = 'never' | 'later' | { readonly afterMs: number };

/** Every way in which an operation of the gateway can be refused. `http/answers/problem.ts` maps each to a status. */
export type ErrorCode =
  | 'invalid_field'
  | 'prompt_too_large'
  | 'unauthorized'
  | 'not_found'
  | 'idempotency_mismatch'
  | 'agent_mismatch'
  | 'session_busy'
  | 'approval_decided'
  | 'delivery_not_ended'
  | 'too_many_webhooks'
  /** A place in the event log that is not there yet, or no longer. */
  | 'cursor_ahead'
  | 'cursor_gone'
  | 'queue_full'
  /** A limit of the caller's own key. */
  | 'key_limited'
  /** So much money may be spent, and has been. */
  | 'budget_spent'
  | 'draining'
  | 'agent_unavailable'
  /** Nothing opens a thread for a new task. */
  | 'no_task_channel'
  /** Several threads have this id. */
  | 'thread_ambiguous'
  /** The disk refused: nothing was stored. */
  | 'storage_unavailable'
  | 'no_screen'
  | 'terminal_read_only'
  | 'too_many_terminals'
  | 'terminal_unavailable'
  | 'repository_not_found'
  /** Its name leads out of the root of repositories. */
  | 'repository_outside'
  /** Git cannot make a worktree of it. */
  | 'not_a_repository'
  | 'worktree_exists'
  /** The disk has no room for a worktree: nothing was made. */
  | 'no_space'
  | 'no_remote'
  /** It refused, or did not answer in time. */
  | 'remote_failed'
  | 'git_failed'
  /** The settings of quick tasks are not there. */
  | 'quick_off'
  | 'internal';

export interface GatewayErrorDetails {
  /** The field of the caller's input that is wrong, as the caller spells it. */
  readonly field?: string;
  readonly retry?: Retry;
  /** What to do, in a sentence; by default what the code says. */
  readonly wayOut?: string;
  readonly cause?: unknown;
}

/** The only error that flows and adapters throw on purpose. The message is for the caller and holds no secret. */
export class GatewayError extends Error {
  override readonly name = 'GatewayError';
  readonly code: ErrorCode;
  readonly field: string | undefined;
  readonly retry: Retry;
  readonly wayOut: string | undefined;

  constructor(code: ErrorCode, message: string, details: GatewayErrorDetails = {}) {
    super(message, { cause: details.cause });
    this.code = code;
    this.field = details.field;
    this.retry = details.retry ?? 'never';
    this.wayOut = details.wayOut;
  }
}

/** Passes by itself: what was asked is worth another try, as it is. */
export function isPassing(error: unknown): boolean {
  return error instanceof GatewayError && (error.code === 'storage_unavailable' || error.code === 'draining');
}

/** There is no such place in the log of events, or none any more. */
export function isCursorLost(error: unknown): boolean {
  return error instanceof GatewayError && (error.code === 'cursor_gone' || error.code === 'cursor_ahead');
}
