import { KINDS, type ProblemCode } from '../answers/problem.ts';

interface Words {
  readonly cause: string;
  readonly remedy: string;
}

/** For the document and docs/errors.md. A code that is missing here does not compile. */
const WORDS: Readonly<Record<ProblemCode, Words>> = {
  invalid_field: {
    cause: 'A field of the body, the query, a header or the path is missing, unknown or wrong.',
    remedy: 'Change what `field` names.',
  },
  malformed_request: {
    cause: 'The request is no HTTP that can be read.',
    remedy: 'Look at what builds it.',
  },
  malformed_json: {
    cause: 'The body is not JSON.',
    remedy: 'Send JSON in UTF-8.',
  },
  unauthorized: {
    cause: 'No key, or one that is not known.',
    remedy: 'Send the key as `X-API-Key` or `Authorization: Bearer`.',
  },
  budget_spent: {
    cause: 'As much money as is allowed has been spent.',
    remedy: 'Wait for `Retry-After`, or raise DAILY_MAX_COST_USD or QUICK_MAX_COST_USD.',
  },
  terminal_read_only: {
    cause: 'Typing at terminals is not allowed here.',
    remedy: 'Ask without `write=true`, or set TERMINAL_WRITE_ENABLED.',
  },
  repository_outside: {
    cause: 'The name of the repository leads out of REPOS_ROOT.',
    remedy: 'Name a repository below it.',
  },
  origin_refused: {
    cause: 'A page of another web origin opens a WebSocket.',
    remedy: 'Add the origin to CORS_ORIGINS.',
  },
  host_refused: {
    cause: 'The request names a host that is not this machine.',
    remedy: 'Call the injection API as 127.0.0.1 or localhost.',
  },
  not_found: {
    cause: 'There is no such thing, or no such route.',
    remedy: 'Look at the id; `/api-docs` lists the routes.',
  },
  repository_not_found: {
    cause: 'There is no such repository below REPOS_ROOT.',
    remedy: 'Look at its name: `owner/repo`.',
  },
  request_timeout: {
    cause: 'The request took too long to arrive.',
    remedy: 'Send it again, faster.',
  },
  agent_mismatch: {
    cause: 'The session of the workspace has another agent.',
    remedy: 'Leave `agent` out, or use another workspace.',
  },
  session_busy: {
    cause: 'The session has requests that have not ended, or has expired.',
    remedy: 'Wait, cancel them, or use `force=true`.',
  },
  cursor_ahead: {
    cause: 'The place in the event log does not exist yet.',
    remedy: 'Go on from an event that you have seen.',
  },
  cursor_gone: {
    cause: 'The events behind this place are no longer kept.',
    remedy: 'Begin at the oldest that is kept, or read what you need anew.',
  },
  delivery_not_ended: {
    cause: 'The delivery is under way or has been sent.',
    remedy: 'Only what was refused or given up is repeated.',
  },
  too_many_webhooks: {
    cause: 'There are as many webhooks as may be.',
    remedy: 'Delete one.',
  },
  approval_decided: {
    cause: 'Somebody was faster, or the turn has ended.',
    remedy: 'Read the approval: it says what was decided.',
  },
  not_a_repository: {
    cause: 'Git cannot make a worktree of it.',
    remedy: 'See docs/quick.md for what can be used.',
  },
  worktree_exists: {
    cause: 'A worktree of this name is there already.',
    remedy: 'Try again: another name is taken.',
  },
  no_remote: {
    cause: 'The repository has no remote to publish to.',
    remedy: 'Add one, or fetch the branch by hand.',
  },
  thread_ambiguous: {
    cause: 'Several threads have this id.',
    remedy: 'Name the platform, or the chat.',
  },
  no_screen: {
    cause: 'The session is asleep and has no terminal.',
    remedy: 'Give it work, or wake it with `POST /session/create`.',
  },
  prompt_too_large: {
    cause: 'The prompt is longer than 262,144 bytes.',
    remedy: 'Put it into a file of the workspace and name that.',
  },
  payload_too_large: {
    cause: 'The body is too large.',
    remedy: 'Send less.',
  },
  unsupported_media_type: {
    cause: 'The body is of a type that is not read here.',
    remedy: 'Send `Content-Type: application/json`.',
  },
  idempotency_mismatch: {
    cause: 'The same key came with another body before.',
    remedy: 'Use a new key for a new request.',
  },
  upgrade_required: {
    cause: 'This path speaks WebSocket only.',
    remedy: 'Open a WebSocket.',
  },
  queue_full: {
    cause: 'As many requests wait as may.',
    remedy: 'Send it again after `Retry-After`.',
  },
  too_many_terminals: {
    cause: 'As many terminals are open as may be.',
    remedy: 'Close one.',
  },
  rate_limited: {
    cause: 'More requests of this key, or of this address, than a window allows.',
    remedy: 'Wait for `Retry-After`; raise RATE_LIMIT_MAX.',
  },
  internal: {
    cause: 'A mistake of the gateway.',
    remedy: 'Look at its log, and report it.',
  },
  git_failed: {
    cause: 'Git failed in a way that nobody foresaw.',
    remedy: 'Look at the log of the gateway.',
  },
  terminal_unavailable: {
    cause: 'This machine lacks what terminals need.',
    remedy: 'Use a platform for which node-pty has a build.',
  },
  remote_failed: {
    cause: 'The remote of the repository refused, or did not answer in time.',
    remedy: 'Look at `detail`; raise GIT_REMOTE_TIMEOUT_MS.',
  },
  draining: {
    cause: 'The gateway is shutting down.',
    remedy: 'Send it again after `Retry-After`.',
  },
  storage_unavailable: {
    cause: 'The disk refuses, so nothing was stored.',
    remedy: 'Make room; the gateway goes on by itself.',
  },
  no_task_channel: {
    cause: 'Nothing opens a thread for a new task now.',
    remedy: 'Set up a chat network or TASK_CHANNEL; `detail` says what is missing.',
  },
  quick_off: {
    cause: 'Quick tasks are not set up.',
    remedy: 'Set REPOS_ROOT and WORKTREES_ROOT.',
  },
  agent_unavailable: {
    cause: 'The agent cannot be started, or has no credentials.',
    remedy: '`detail` says what is missing.',
  },
  no_space: {
    cause: 'The disk has no room for a worktree: nothing was made.',
    remedy: 'Make room.',
  },
};

const CODES = (Object.keys(KINDS) as ProblemCode[]).toSorted(
  (a, b) => KINDS[a].status - KINDS[b].status || (a < b ? -1 : 1),
);

/** What clients switch on. */
export const PROBLEM_CODE = {
  type: 'string',
  enum: CODES,
  description: `What went wrong, for programs: the last part of \`type\`. Later versions may know more.\n\n${CODES.map(
    (code) => `- \`${code}\` (${KINDS[code].status}): ${WORDS[code].cause}`,
  ).join('\n')}`,
};

/** docs/errors.md. */
export function toErrorsPage(): string {
  const rows = CODES.map(
    (code) => `| \`${code}\` | ${KINDS[code].status} | ${WORDS[code].cause} | ${WORDS[code].remedy} |`,
  );
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
