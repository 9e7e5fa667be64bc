import { KEYED } from '../../model/audit/audit.ts';
import { GatewayError } from '../../model/errors.ts';
import { normalisePrompt } from '../../model/prompt.ts';
import type { RequestRecord } from '../../model/request.ts';
import { checkWorkspaceName } from '../../model/workspace.ts';
import type { Submission, Submitted } from '../../ports/gateway/requests.ts';
import type {
  Acceptance,
  IdempotencyClaim,
  NewRequest,
  OwedAnswer,
  AcceptanceLimits,
} from '../../ports/requests/acceptance.ts';
import type { FlowParts, FlowSettings } from '../parts.ts';
import type { Readiness } from '../readiness.ts';
import { toBudgets, toDayBegin, toKeyError, toSpentError } from '../usage/budgets.ts';
import { chooseAddressee } from './addressee.ts';
import type { KnownFolders } from './known-folders.ts';
import type { Queue } from './queue.ts';
import { toTrace } from '../trace.ts';

export interface SubmitDeps {
  readonly parts: FlowParts;
  readonly readiness: Pick<Readiness, 'refuseWhileDraining'>;
  readonly queue: Pick<Queue, 'added' | 'kick'>;
  readonly folders: KnownFolders;
}

const TIMEOUT_MIN_MS = 1_000;
const TIMEOUT_MAX_MS = 86_400_000;
/** When a full queue is worth another try. */
const QUEUE_FULL_RETRY_MS = 5_000;

/** Resolves only after the request is on disk; bad input stores nothing.
 *  The id is new unless an Idempotency-Key brings an earlier request back. */
export async function submitRequest(deps: SubmitDeps, submission: Submission): Promise<Submitted> {
  const { parts, readiness, queue } = deps;
  readiness.refuseWhileDraining();
  const submitted = await accept(deps, submission);
  const { id, prompt, agent } = submitted.request;
  const { workspace, source } = submission;
  if (!submitted.replayed) {
    queue.added(submitted.request);
    parts.log.info({ requestId: id, workspace, source, prompt }, 'request.queued');
  }
  queue.kick(workspace, agent);
  return submitted;
}

/** What submitting would come to, whatever the workspace: see RequestsApi. */
export async function foreseeRequest(
  { parts, readiness }: Pick<SubmitDeps, 'parts' | 'readiness'>,
  submission: Omit<Submission, 'workspace'>,
): Promise<RequestRecord | null> {
  const { store, clock, settings } = parts;
  readiness.refuseWhileDraining();
  normalisePrompt(submission.prompt, submission.promptField);
  chooseAddressee(parts, submission);
  checkTimeout(submission.timeoutMs ?? settings.turnTimeoutMs);
  const now = clock.now();
  const foreseen = await store.foresee(toLimits(settings, null, now), toClaim(submission, settings, now));
  if (foreseen.kind === 'free') return null;
  if (foreseen.kind === 'replayed') return foreseen.request;
  throw toRefusal(foreseen, { ...submission, workspace: '' }, now);
}

/** Validates, then stores. */
async function accept({ parts, folders }: SubmitDeps, submission: Submission): Promise<Submitted> {
  const { store, clock, ids, settings } = parts;
  const { workspace, source, identity, priority } = submission;
  checkWorkspaceName(workspace);
  const { text: prompt, altered } = normalisePrompt(submission.prompt, submission.promptField);
  const chosen = chooseAgent(parts, submission);
  const replyTo = chooseAddressee(parts, submission);
  const timeoutMs = checkTimeout(submission.timeoutMs ?? settings.turnTimeoutMs);
  await folders.ensure(workspace);
  const now = clock.now();
  const id = ids.requestId();
  const owed = toOwed(submission, id, parts.transports.has('file'));
  const acceptance = await store.accept(
    {
      id,
      workspace,
      ...chosen,
      source,
      identity,
      priority,
      prompt,
      altered,
      timeoutMs,
      replyTo,
      createdAt: now,
      ...owed,
      notesPrompt: settings.notesPrompts,
      trace: toTrace(parts, submission.traceparent),
    },
    { ...toLimits(settings, workspace, now), ...toKeyLimit(submission, now) },
    toClaim(submission, settings, now),
  );
  if (acceptance.kind === 'created' && acceptance.isNewSession) {
    const { agent } = acceptance.request;
    parts.log.info({ workspace, agent }, 'session.created');
  }
  if ('request' in acceptance) return { request: acceptance.request, replayed: acceptance.kind === 'replayed' };
  throw toRefusal(acceptance, submission, now);
}

function toLimits(settings: FlowSettings, workspace: string | null, now: number): AcceptanceLimits {
  const { queueMax, sessionQueueMax } = settings;
  return { total: queueMax, perSession: sessionQueueMax, budgets: toBudgets(settings, workspace, now) };
}

function toKeyLimit({ source, identity }: Submission, now: number): Pick<AcceptanceLimits, 'key'> {
  const { user_id: id } = identity;
  return id === null || !KEYED.has(source) ? {} : { key: { id, since: toDayBegin(now) } };
}

function toClaim(
  { idempotency }: Pick<Submission, 'idempotency'>,
  { idempotencyTtlMs }: FlowSettings,
  now: number,
): IdempotencyClaim | null {
  return idempotency === undefined ? null : { ...idempotency, notBefore: now - idempotencyTtlMs };
}

function chooseAgent({ settings, drivers }: FlowParts, { agent }: Submission): Pick<NewRequest, 'agent' | 'agents'> {
  if (agent === undefined) return { agent: settings.defaultAgent, agents: [...drivers.keys()] };
  if (drivers.has(agent)) return { agent };
  throw notRun(agent);
}

function notRun(agent: string): GatewayError {
  return new GatewayError('invalid_field', `agent: this gateway does not run ${agent}`, { field: 'agent' });
}

function checkTimeout(ms: number): number {
  if (Number.isInteger(ms) && ms >= TIMEOUT_MIN_MS && ms <= TIMEOUT_MAX_MS) return ms;
  throw new GatewayError('invalid_field', `timeoutMs is a whole number from ${TIMEOUT_MIN_MS} to ${TIMEOUT_MAX_MS}`, {
    field: 'timeoutMs',
  });
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

function toRefusal(
  acceptance: Exclude<Acceptance, { readonly request: RequestRecord }>,
  { workspace, idempotency }: Submission,
  now: number,
): GatewayError {
  switch (acceptance.kind) {
    case 'idempotency_mismatch':
      return new GatewayError(
        'idempotency_mismatch',
        `This ${idempotency?.field} came with another body before: use a new one for a new request`,
        { ...(idempotency && { field: idempotency.field }) },
      );
    case 'agent_mismatch':
      return new GatewayError(
        'agent_mismatch',
        `The session of ${workspace} has the agent ${acceptance.agent}: leave agent out, or use another workspace`,
        { field: 'agent' },
      );
    case 'agent_unknown':
      return notRun(acceptance.agent);
    case 'budget_spent':
      return toSpentError(acceptance.limit, now);
    case 'key_limited':
      return toKeyError(acceptance, now);
    case 'queue_full':
      return new GatewayError('queue_full', queueFull(acceptance.limit, workspace), {
        retry: { afterMs: QUEUE_FULL_RETRY_MS },
      });
  }
}

function queueFull(limit: 'total' | 'session', workspace: string): string {
  return limit === 'total'
    ? 'The queue of the gateway is full: try again later'
    : `The queue of ${workspace} is full: try again later`;
}
