import { expect, test } from '@jest/globals';
import { GatewayError, type ErrorCode } from '../../../../src/core/model/errors.ts';
import { toProblem } from '../../../../src/http/answers/problem.ts';

const statuses: Readonly<Record<ErrorCode, number>> = {
  invalid_field: 400,
  prompt_too_large: 413,
  unauthorized: 401,
  not_found: 404,
  idempotency_mismatch: 422,
  agent_mismatch: 409,
  delivery_not_ended: 409,
  too_many_webhooks: 409,
  session_busy: 409,
  budget_spent: 402,
  key_limited: 429,
  queue_full: 429,
  draining: 503,
  thread_ambiguous: 409,
  no_task_channel: 503,
  agent_unavailable: 503,
  quick_off: 503,
  storage_unavailable: 503,
  approval_decided: 409,
  cursor_ahead: 400,
  cursor_gone: 410,
  no_screen: 409,
  terminal_read_only: 403,
  too_many_terminals: 429,
  terminal_unavailable: 501,
  repository_not_found: 404,
  repository_outside: 400,
  not_a_repository: 409,
  worktree_exists: 409,
  no_space: 507,
  no_remote: 409,
  remote_failed: 502,
  git_failed: 500,
  internal: 500,
};

test.each(Object.entries(statuses) as [ErrorCode, number][])('%s has the status %i', (code, status) => {
  expect(toProblem(new GatewayError(code, 'because', { field: 'x' }))).toMatchObject({
    type: `urn:gatehouse:problem:${code}`,
    status,
    detail: 'because',
    error: { unauthorized: 'Unauthorized', internal: 'Internal server error' }[code as string] ?? 'because',
    field: 'x',
  });
});
