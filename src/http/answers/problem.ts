import type { ErrorCode, GatewayError, Retry } from '../../core/model/errors.ts';

/** Refusals that exist on this surface only. */
type HttpErrorCode =
  | 'malformed_request'
  | 'malformed_json'
  | 'unsupported_media_type'
  | 'payload_too_large'
  | 'request_timeout'
  | 'origin_refused'
  | 'host_refused'
  | 'upgrade_required'
  | 'rate_limited';

export type ProblemCode = ErrorCode | HttpErrorCode;

interface Kind {
  readonly status: number;
  readonly title: string;
  /** What `Retry-After` says when the error itself names no time. */
  readonly retryAfterSeconds?: number;
}

export const KINDS: Readonly<Record<ProblemCode, Kind>> = {
  invalid_field: { status: 400, title: 'A field is wrong' },
  malformed_request: { status: 400, title: 'The request is malformed' },
  malformed_json: { status: 400, title: 'The body is not JSON' },
  unauthorized: { status: 401, title: 'A valid API key is needed' },
  budget_spent: { status: 402, title: 'The budget is spent' },
  terminal_read_only: { status: 403, title: 'Terminals are read-only' },
  repository_outside: { status: 400, title: 'The repository is outside of the root' },
  origin_refused: { status: 403, title: 'The web origin is not allowed' },
  host_refused: { status: 403, title: 'The host is not allowed' },
  not_found: { status: 404, title: 'Not found' },
  repository_not_found: { status: 404, title: 'There is no such repository' },
  request_timeout: { status: 408, title: 'The request took too long to arrive' },
  agent_mismatch: { status: 409, title: 'The session belongs to another agent' },
  session_busy: { status: 409, title: 'The session has active requests' },
  cursor_ahead: { status: 400, title: 'There is no such event yet' },
  cursor_gone: { status: 410, title: 'The events are no longer kept' },
  delivery_not_ended: { status: 409, title: 'The delivery is not to be repeated' },
  too_many_webhooks: { status: 409, title: 'There are too many webhooks' },
  approval_decided: { status: 409, title: 'The approval has been decided' },
  not_a_repository: { status: 409, title: 'Git cannot use the repository' },
  worktree_exists: { status: 409, title: 'The worktree exists' },
  no_remote: { status: 409, title: 'The repository has no remote' },
  thread_ambiguous: { status: 409, title: 'Several threads have this id' },
  no_screen: { status: 409, title: 'The session has no screen now' },
  prompt_too_large: { status: 413, title: 'The prompt is too large' },
  payload_too_large: { status: 413, title: 'The body is too large' },
  unsupported_media_type: { status: 415, title: 'The content type is not supported' },
  idempotency_mismatch: { status: 422, title: 'The Idempotency-Key was used with another body' },
  upgrade_required: { status: 426, title: 'A WebSocket is needed' },
  queue_full: { status: 429, title: 'The queue is full', retryAfterSeconds: 10 },
  too_many_terminals: { status: 429, title: 'Too many terminals are open', retryAfterSeconds: 10 },
  rate_limited: { status: 429, title: 'Too many requests', retryAfterSeconds: 60 },
  internal: { status: 500, title: 'Internal error' },
  git_failed: { status: 500, title: 'Git failed' },
  terminal_unavailable: { status: 501, title: 'This gateway cannot open terminals' },
  remote_failed: { status: 502, title: 'The remote of the repository did not take it' },
  draining: { status: 503, title: 'The gateway is shutting down', retryAfterSeconds: 10 },
  storage_unavailable: { status: 503, title: 'The gateway cannot store', retryAfterSeconds: 10 },
  no_task_channel: { status: 503, title: 'No channel for new tasks', retryAfterSeconds: 10 },
  quick_off: { status: 503, title: 'There are no quick tasks here', retryAfterSeconds: 60 },
  agent_unavailable: { status: 503, title: 'The agent is not available', retryAfterSeconds: 60 },
  no_space: { status: 507, title: 'The disk is full' },
};

/** An RFC 9457 document. `error` repeats `detail` for clients of seed 003, whose 401 says just `Unauthorized`. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: ProblemCode;
  readonly error: string;
  readonly field?: string;
  /** Seconds, as in the header `Retry-After`. */
  readonly retryAfter?: number;
}

export interface ProblemDetails {
  readonly field?: string | undefined;
  readonly retryAfter?: number | undefined;
}

export function createProblem(code: ProblemCode, detail: string, details: ProblemDetails = {}): Problem {
  const { status, title, retryAfterSeconds } = KINDS[code];
  const retryAfter = details.retryAfter ?? retryAfterSeconds;
  return {
    type: `urn:gatehouse:problem:${code}`,
    title,
    status,
    detail,
    code,
    error: code === 'unauthorized' ? 'Unauthorized' : detail,
    ...(details.field === undefined ? {} : { field: details.field }),
    ...(retryAfter === undefined ? {} : { retryAfter }),
  };
}

export function toProblem(error: GatewayError): Problem {
  return createProblem(error.code, error.message, { field: error.field, retryAfter: toSeconds(error.retry) });
}

function toSeconds(retry: Retry): number | undefined {
  return typeof retry === 'object' ? Math.max(1, Math.ceil(retry.afterMs / 1000)) : undefined;
}

/** Thrown inside this surface, where no GatewayError fits. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.detail);
    this.problem = problem;
  }
}
