import { GatewayError } from '../../model/errors.ts';
import { normalisePrompt } from '../../model/prompt.ts';
import { isWorkspaceName } from '../../model/workspace.ts';
import type { Submission, Submitted } from '../../ports/gateway.ts';
import type { OwedAnswer } from '../../ports/store.ts';
import type { FlowParts } from '../parts.ts';

export const TIMEOUT_MIN_MS = 1_000;
export const TIMEOUT_MAX_MS = 86_400_000;
/** When a full queue is worth another try. */
const QUEUE_FULL_RETRY_MS = 5_000;

/** Validates, then stores. Resolves only after the request is on disk; bad input stores nothing.
 *  The id is new unless an Idempotency-Key brings an earlier request back. */
export async function submitRequest(parts: FlowParts, submission: Submission): Promise<Submitted> {
  const { store, clock, ids, settings, workspaces } = parts;
  checkWorkspaceName(submission.workspace);
  const { text: prompt } = normalisePrompt(submission.prompt, submission.promptField);
  const agent = submission.agent ?? (await store.readSession(submission.workspace))?.agent ?? settings.defaultAgent;
  if (!parts.drivers.has(agent)) {
    throw new GatewayError('invalid_field', `agent: this gateway does not run ${agent}`, { field: 'agent' });
  }
  const timeoutMs = submission.timeoutMs ?? settings.turnTimeoutMs;
  if (!Number.isInteger(timeoutMs) || timeoutMs < TIMEOUT_MIN_MS || timeoutMs > TIMEOUT_MAX_MS) {
    throw new GatewayError('invalid_field', `timeoutMs is a whole number from ${TIMEOUT_MIN_MS} to ${TIMEOUT_MAX_MS}`, {
      field: 'timeoutMs',
    });
  }
  await workspaces.ensure(submission.workspace);
  const now = clock.now();
  const id = ids.requestId();
  const acceptance = await store.accept(
    {
      id,
      workspace: submission.workspace,
      agent,
      source: submission.source,
      identity: submission.identity,
      priority: submission.priority,
      prompt,
      timeoutMs,
      replyTo: submission.replyTo ?? null,
      createdAt: now,
      ...toOwed(submission, id, parts.responseFiles !== null),
    },
    { total: settings.queueMax, perSession: settings.sessionQueueMax },
    submission.idempotency === undefined
      ? null
      : { ...submission.idempotency, notBefore: now - settings.idempotencyTtlMs },
  );
  switch (acceptance.kind) {
    case 'created':
    case 'replayed':
      return { request: acceptance.request, replayed: acceptance.kind === 'replayed' };
    case 'idempotency_mismatch':
      throw new GatewayError(
        'idempotency_mismatch',
        `This ${submission.idempotency?.field} came with another body before: use a new one for a new request`,
        { ...(submission.idempotency && { field: submission.idempotency.field }) },
      );
    case 'agent_mismatch':
      throw new GatewayError(
        'agent_mismatch',
        `The session of ${submission.workspace} has the agent ${acceptance.agent}: leave agent out, or use another workspace`,
        {
          field: 'agent',
        },
      );
    case 'queue_full':
      throw new GatewayError('queue_full', queueFull(acceptance.limit, submission.workspace), {
        retry: { afterMs: QUEUE_FULL_RETRY_MS },
      });
  }
}

/** Without a folder for response files, only a client at its connection is owed anything. */
function toOwed(
  { attended = false, responseFile }: Submission,
  id: string,
  hasFiles: boolean,
): { readonly owed?: OwedAnswer } {
  const file = hasFiles ? (responseFile ?? (attended ? id : null)) : null;
  return file === null && !attended ? {} : { owed: { file, attended } };
}

/** @throws GatewayError `invalid_field` */
export function checkWorkspaceName(workspace: string): void {
  if (isWorkspaceName(workspace)) return;
  throw new GatewayError(
    'invalid_field',
    'workspace is 1 to 63 letters, digits, _ and -, and begins with a letter or digit',
    { field: 'workspace' },
  );
}

function queueFull(limit: 'total' | 'session', workspace: string): string {
  return limit === 'total'
    ? 'The queue of the gateway is full: try again later'
    : `The queue of ${workspace} is full: try again later`;
}
