import type { ErrorCode, GatewayError, Retry } from '../../core/model/errors.ts';

/** Refusals that exist on this surface only. */
type HttpErrorCode =
  | 'malformed_request'
  | 'malformed_json'
  | 'unsupported_media_type'
  | 'method_not_allowed'
  | 'payload_too_large'
  | 'request_timeout'
  | 'scope_missing'
  | 'origin_refused'
  | 'host_refused'
  | 'upgrade_required'
  | 'rate_limited';

export type ProblemCode = ErrorCode | HttpErrorCode;

interface Kind {
  readonly status: number;
  readonly title: string;
  /** What to do, when the error itself says nothing of it. */
  readonly wayOut: string;
  /** What `Retry-After` says when the error itself names no time. */
  readonly retryAfterSeconds?: number;
}

export const KINDS: Readonly<Record<ProblemCode, Kind>> = {
  invalid_field: { status: 400, title: 'A field is wrong', wayOut: 'Change what `field` names.' },
  malformed_request: { status: 400, title: 'The request is malformed', wayOut: 'Look at what builds it.' },
  malformed_json: { status: 400, title: 'The body is not JSON', wayOut: 'Send JSON in UTF-8.' },
  unauthorized: {
    status: 401,
    title: 'A valid API key is needed',
    wayOut: 'Send the key as `X-API-Key` or `Authorization: Bearer`.',
  },
  budget_spent: {
    status: 402,
    title: 'The budget is spent',
    wayOut: 'Wait for `Retry-After`, or raise DAILY_MAX_COST_USD or QUICK_MAX_COST_USD.',
  },
  terminal_read_only: {
    status: 403,
    title: 'Terminals are read-only',
    wayOut: 'Ask without `write=true`, or set TERMINAL_WRITE_ENABLED.',
  },
  scope_missing: {
    status: 403,
    title: 'The key may not do this',
    wayOut: 'Use a key with the scope that `detail` names.',
  },
  repository_outside: {
    status: 400,
    title: 'The repository is outside of the root',
    wayOut: 'Name a repository below it.',
  },
  origin_refused: {
    status: 403,
    title: 'The web origin is not allowed',
    wayOut: 'Add the origin to CORS_ORIGINS.',
  },
  host_refused: {
    status: 403,
    title: 'The host is not allowed',
    wayOut: 'Call it by an address, or name the host in HTTP_ALLOWED_HOSTS.',
  },
  not_found: {
    status: 404,
    title: 'Not found',
    wayOut: 'Look at the id; `/api-docs` lists the routes.',
  },
  repository_not_found: {
    status: 404,
    title: 'There is no such repository',
    wayOut: 'Look at its name: `owner/repo`.',
  },
  method_not_allowed: { status: 405, title: 'The path has other methods', wayOut: 'Use a method that Allow names.' },
  request_timeout: {
    status: 408,
    title: 'The request took too long to arrive',
    wayOut: 'Send it again, faster.',
  },
  agent_mismatch: {
    status: 409,
    title: 'The session belongs to another agent',
    wayOut: 'Leave `agent` out, or use another workspace.',
  },
  session_busy: {
    status: 409,
    title: 'The session has active requests',
    wayOut: 'Wait, cancel them, or use `force=true`.',
  },
  cursor_ahead: {
    status: 400,
    title: 'There is no such event yet',
    wayOut: 'Go on from an event that you have seen.',
  },
  cursor_gone: {
    status: 410,
    title: 'The events are no longer kept',
    wayOut: 'Begin at the oldest that is kept, or read what you need anew.',
  },
  delivery_not_ended: {
    status: 409,
    title: 'The delivery is not to be repeated',
    wayOut: 'Only what was refused or given up is repeated.',
  },
  too_many_webhooks: {
    status: 409,
    title: 'There are too many webhooks',
    wayOut: 'Delete one.',
  },
  approval_decided: {
    status: 409,
    title: 'The approval has been decided',
    wayOut: 'Read the approval: it says what was decided.',
  },
  not_a_repository: {
    status: 409,
    title: 'Git cannot use the repository',
    wayOut: 'See docs/quick.md for what can be used.',
  },
  worktree_exists: {
    status: 409,
    title: 'The worktree exists',
    wayOut: 'Try again: another name is taken.',
  },
  no_remote: {
    status: 409,
    title: 'The repository has no remote',
    wayOut: 'Add one, or fetch the branch by hand.',
  },
  thread_ambiguous: { status: 409, title: 'Several threads have this id', wayOut: 'Name the platform, or the chat.' },
  no_screen: {
    status: 409,
    title: 'The session has no screen now',
    wayOut: 'Give it work, or wake it with `POST /session/create`.',
  },
  prompt_too_large: {
    status: 413,
    title: 'The prompt is too large',
    wayOut: 'Put it into a file of the workspace and name that.',
  },
  payload_too_large: {
    status: 413,
    title: 'The body is too large',
    wayOut: 'Send less.',
  },
  unsupported_media_type: {
    status: 415,
    title: 'The content type is not supported',
    wayOut: 'Send `Content-Type: application/json`.',
  },
  idempotency_mismatch: {
    status: 422,
    title: 'This key of a request came with another body',
    wayOut: 'Use a new key for a new request.',
  },
  upgrade_required: { status: 426, title: 'A WebSocket is needed', wayOut: 'Open a WebSocket.' },
  queue_full: {
    status: 429,
    title: 'The queue is full',
    wayOut: 'Send it again after `Retry-After`.',
    retryAfterSeconds: 10,
  },
  key_limited: {
    status: 429,
    title: 'The key has had as much as it may',
    wayOut: 'Send it again after `Retry-After`.',
    retryAfterSeconds: 10,
  },
  too_many_terminals: {
    status: 429,
    title: 'Too many terminals are open',
    wayOut: 'Close one.',
    retryAfterSeconds: 10,
  },
  rate_limited: {
    status: 429,
    title: 'Too many requests',
    wayOut: 'Wait for `Retry-After`; raise RATE_LIMIT_MAX.',
    retryAfterSeconds: 60,
  },
  internal: { status: 500, title: 'Internal error', wayOut: 'Look at the log of the gateway, and report it.' },
  git_failed: { status: 500, title: 'Git failed', wayOut: 'Look at the log of the gateway.' },
  terminal_unavailable: {
    status: 501,
    title: 'This gateway cannot open terminals',
    wayOut: 'Use a platform for which node-pty has a build.',
  },
  remote_failed: {
    status: 502,
    title: 'The remote of the repository did not take it',
    wayOut: 'Look at `detail`; raise GIT_REMOTE_TIMEOUT_MS.',
  },
  draining: {
    status: 503,
    title: 'The gateway is shutting down',
    wayOut: 'Send it again after `Retry-After`.',
    retryAfterSeconds: 10,
  },
  storage_unavailable: {
    status: 503,
    title: 'The gateway cannot store',
    wayOut: 'Make room, or start the database; the gateway goes on by itself.',
    retryAfterSeconds: 10,
  },
  no_task_channel: {
    status: 503,
    title: 'No channel for new tasks',
    wayOut: 'Set up a chat network or TASK_CHANNEL; `detail` says what is missing.',
    retryAfterSeconds: 10,
  },
  quick_off: {
    status: 503,
    title: 'There are no quick tasks here',
    wayOut: 'Set REPOS_ROOT and WORKTREES_ROOT.',
    retryAfterSeconds: 60,
  },
  agent_unavailable: {
    status: 503,
    title: 'The agent is not available',
    wayOut: '`detail` says what is missing.',
    retryAfterSeconds: 60,
  },
  no_space: {
    status: 507,
    title: 'The disk is full',
    wayOut: 'Make room.',
  },
};

/** An RFC 9457 document. Clients of seed 003 read `error`, what is wrong, and `message`, the way out. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: ProblemCode;
  readonly error: string;
  readonly message: string;
  readonly field?: string;
  /** Seconds, as in the header `Retry-After`. */
  readonly retryAfter?: number;
}

export interface ProblemDetails {
  readonly field?: string | undefined;
  readonly retryAfter?: number | undefined;
  readonly wayOut?: string | undefined;
}

/** Words of seed 003. */
const ERRORS: Readonly<Partial<Record<ProblemCode, string>>> = {
  unauthorized: 'Unauthorized',
  internal: 'Internal server error',
};

export function createProblem(code: ProblemCode, detail: string, details: ProblemDetails = {}): Problem {
  const { status, title, wayOut, retryAfterSeconds } = KINDS[code];
  const retryAfter = details.retryAfter ?? retryAfterSeconds;
  return {
    type: `urn:gatehouse:problem:${code}`,
    title,
    status,
    detail,
    code,
    error: ERRORS[code] ?? detail,
    message: details.wayOut ?? wayOut,
    ...(details.field === undefined ? {} : { field: details.field }),
    ...(retryAfter === undefined ? {} : { retryAfter }),
  };
}

export function toProblem(error: GatewayError): Problem {
  return createProblem(error.code, error.message, {
    field: error.field,
    retryAfter: toSeconds(error.retry),
    wayOut: error.wayOut,
  });
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
