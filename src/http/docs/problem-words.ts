import { KINDS, type ProblemCode } from '../answers/problem.ts';

/** For the document and docs/errors.md. A code that is missing here does not compile. */
const CAUSES: Readonly<Record<ProblemCode, string>> = {
  invalid_field: 'A field of the body, the query, a header or the path is missing, unknown or wrong.',
  malformed_request: 'The request is no HTTP that can be read.',
  malformed_json: 'The body is not JSON.',
  unauthorized: 'No key, or one that is not known.',
  budget_spent: 'As much money as is allowed has been spent.',
  key_limited: 'The key has as many requests as it may, at once or in this day.',
  scope_missing: 'The key lacks the scope that this takes.',
  terminal_read_only: 'Typing at terminals is not allowed here.',
  repository_outside: 'The name of the repository leads out of REPOS_ROOT.',
  origin_refused: 'A page of another web origin calls.',
  host_refused: 'The request calls a host that this is not known as.',
  not_found: 'There is no such thing for this key, or no such route.',
  repository_not_found: 'There is no such repository below REPOS_ROOT.',
  request_timeout: 'The request took too long to arrive.',
  agent_mismatch: 'The session of the workspace has another agent.',
  session_busy: 'The session has requests that have not ended, or has expired.',
  cursor_ahead: 'The place in the event log does not exist yet.',
  cursor_gone: 'The events behind this place are no longer kept.',
  delivery_not_ended: 'The delivery is under way or has been sent.',
  too_many_webhooks: 'There are as many webhooks as may be.',
  approval_decided: 'Somebody was faster, or the turn has ended.',
  not_a_repository: 'Git cannot make a worktree of it.',
  worktree_exists: 'A worktree of this name is there already.',
  no_remote: 'The repository has no remote to publish to.',
  thread_ambiguous: 'Several threads have this id.',
  no_screen: 'The session is asleep and has no terminal.',
  prompt_too_large: 'The prompt is longer than 262,144 bytes.',
  payload_too_large: 'The body is too large.',
  unsupported_media_type: 'The body is of a type that is not read here.',
  idempotency_mismatch: 'The same key came with another body before.',
  upgrade_required: 'This path speaks WebSocket only.',
  queue_full: 'As many requests wait as may.',
  too_many_terminals: 'As many terminals are open as may be.',
  rate_limited: 'More requests of this key, or of this address, than a window allows.',
  internal: 'A mistake of the gateway.',
  git_failed: 'Git failed in a way that nobody foresaw.',
  terminal_unavailable: 'This machine lacks what terminals need.',
  remote_failed: 'The remote of the repository refused, or did not answer in time.',
  draining: 'The gateway is shutting down.',
  storage_unavailable: 'The disk refuses, or the database is damaged or away, so nothing was stored.',
  no_task_channel: 'Nothing opens a thread for a new task now.',
  quick_off: 'Quick tasks are not set up.',
  agent_unavailable: 'The agent cannot be started, or has no credentials.',
  no_space: 'The disk has no room for a worktree: nothing was made.',
  method_not_allowed: 'The path has other methods.',
};

const CODES = (Object.keys(KINDS) as ProblemCode[]).toSorted(
  (a, b) => KINDS[a].status - KINDS[b].status || (a < b ? -1 : 1),
);

/** What clients switch on. */
export const PROBLEM_CODE = {
  type: 'string',
  enum: CODES,
  description: `What went wrong, for programs: the last part of \`type\`. Later versions may know more.\n\n${CODES.map(
    (code) => `- \`${code}\` (${KINDS[code].status}): ${CAUSES[code]}`,
  ).join('\n')}`,
};

/** docs/errors.md. */
export function toErrorsPage(): string {
  const rows = CODES.map((code) => `| \`${code}\` | ${KINDS[code].status} | ${CAUSES[code]} | ${KINDS[code].wayOut} |`);
  return [
    '# Errors',
    '',
    '<!-- Written by scripts/write-openapi.ts: npm run openapi -->',
    '',
    'Every error is an RFC 9457 problem document. Switch on `code`; `detail` is for people, `field` names what was wrong, `retryAfter` (and the header `Retry-After`) says when another try makes sense. Codes are never renamed, and later versions may have more: treat an unknown one by its status.',
    '',
    '| code | status | cause | way out |',
    '|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}
