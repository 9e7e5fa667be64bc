import { toWho } from '../../core/model/audit/audit.ts';
import type { KeyRecord } from '../../core/model/keys/key.ts';
import { PRIORITIES, type RequestRecord } from '../../core/model/request.ts';
import type {
  Acceptance,
  IdempotencyClaim,
  NewRequest,
  AcceptanceLimits,
  Replay,
} from '../../core/ports/requests/acceptance.ts';
import { noteAudit } from '../audit/audit.ts';
import { appendEvent } from '../events/events.ts';
import { claimedKey, forgetKey, insertKey } from '../idempotency/idempotency-queries.ts';
import { findKeyLimit, isCounted } from './key-limits.ts';
import { findPlace, FRONT, tellPlaces } from './moves.ts';
import { oweAnswer } from '../answers/owed-answers.ts';
import { readKey } from '../keys/keys.ts';
import { findSpentBudget } from '../spending/spending.ts';
import { insertRequest } from '../requests/new-request.ts';
import { requestById } from '../requests/queries.ts';
import { queueLength, standOf } from '../requests/queue-queries.ts';
import { toAltered, toRequest } from '../sql/rows.ts';
import { createSession } from '../sessions/sessions.ts';
import { both, get, returned, run, send, type Step } from '../sql/step.ts';

/** Must run inside one transaction: what it decides holds only there. */
export function* accept(
  asked: NewRequest,
  limits: AcceptanceLimits,
  idempotency: IdempotencyClaim | null,
): Step<Acceptance> {
  const earlier = idempotency === null ? null : yield* replay(idempotency);
  if (earlier !== null) return earlier;

  const { workspace, createdAt: at, source, priority } = asked;
  const rank = PRIORITIES.indexOf(priority);
  const [found, key] = yield* both(get(standOf, { workspace, rank, limit: FRONT }), readPayer(limits));
  const stand = returned(found);
  const { session_id, total, waiting, ahead } = stand;
  const agent = stand.agent ?? asked.agent;
  if (agent !== asked.agent && asked.agents === undefined) return { kind: 'agent_mismatch', agent };
  if (asked.agents?.includes(agent) === false) return { kind: 'agent_unknown', agent };
  const request = { ...asked, agent };

  const limited = key === null ? null : yield* findKeyLimit(key, limits.key?.since ?? 0);
  if (limited !== null) return limited;

  const spent = yield* findSpentBudget(limits.budgets ?? {}, session_id);
  if (spent !== null) return { kind: 'budget_spent', limit: spent };

  // The limits are of those that wait; a running turn takes no place.
  if ((total ?? 0) >= limits.total) return { kind: 'queue_full', limit: 'total' };
  if ((waiting ?? 0) >= limits.perSession) return { kind: 'queue_full', limit: 'session' };

  const sessionId = session_id ?? (yield* createSession(toNewSession(request))).id;
  const place = yield* findPlace(workspace, { rank, waiting: waiting ?? 0, ahead: ahead ?? 0 }, at);
  yield* send(insertRequest, toNewRow(request, sessionId, key, place.position));
  yield* noteAccepted(request);
  const data = { source, priority, position: place.position };
  yield* appendEvent(
    { type: 'request.queued', requestId: request.id, workspace, at, data },
    { reply_to: request.replyTo, source },
  );
  yield* tellPlaces(workspace, place.front, at);
  if (idempotency !== null) {
    yield* send(insertKey, {
      owner: idempotency.owner,
      key: idempotency.key,
      body_hash: idempotency.bodyHash,
      request_id: request.id,
      created_at: request.createdAt,
      kept: Number(idempotency.kept ?? false),
    });
  }
  if (request.owed !== undefined) yield* oweAnswer(request.id, request.owed);
  return { kind: 'created', request: toAccepted(request), isNewSession: session_id === null };
}

/** Null: no key, or one without a row, as that of the settings. */
function* readPayer({ key }: AcceptanceLimits): Step<KeyRecord | null> {
  return key === undefined ? null : yield* readKey(key.id);
}

function* noteAccepted({ id, createdAt: at, source, identity, ...request }: NewRequest): Step<void> {
  const { workspace, agent, priority, prompt, notesPrompt = false } = request;
  const detail = { source, agent, priority, ...(notesPrompt && { prompt }) };
  yield* noteAudit({ at, who: toWho(source, identity), action: 'request.accepted', workspace, subject: id, detail });
}

/** What the key brings back; null when it is new. */
export function* replay(claim: IdempotencyClaim): Step<Replay | null> {
  const { owner, key } = claim;
  const known = yield* get(claimedKey, { owner, key });
  if (known === undefined) return null;
  // The others that are too old go with time.
  if (known.kept === 0 && known.created_at < claim.notBefore) {
    yield* run(forgetKey, { owner, key });
    return null;
  }
  if (known.body_hash !== claim.bodyHash) return { kind: 'idempotency_mismatch' };
  return { kind: 'replayed', request: toRequest(returned(yield* get(requestById, { id: known.request_id }))) };
}

export function* findByKey(owner: string, key: string): Step<RequestRecord | null> {
  const known = yield* get(claimedKey, { owner, key });
  const row = known === undefined ? undefined : yield* get(requestById, { id: known.request_id });
  return row === undefined ? null : toRequest(row);
}

export function* readQueueLength(workspace: string): Step<number> {
  return (yield* get(queueLength, { workspace }))?.length ?? 0;
}

function toNewSession(request: NewRequest) {
  return {
    workspace: request.workspace,
    agent: request.agent,
    agentSessionId: null,
    createdAt: request.createdAt,
    lastActivityAt: request.createdAt,
  };
}

function toNewRow(request: NewRequest, sessionId: number, key: KeyRecord | null, position: number | null) {
  return {
    id: request.id,
    workspace: request.workspace,
    session_id: sessionId,
    agent: request.agent,
    source: request.source,
    identity: JSON.stringify(request.identity),
    priority: request.priority,
    rank: PRIORITIES.indexOf(request.priority),
    prompt: request.prompt,
    altered: toAltered(request.altered ?? []),
    timeout_ms: request.timeoutMs,
    reply_to: request.replyTo,
    created_at: request.createdAt,
    key: key === null || !isCounted(key) ? null : key.id,
    trace: request.trace ? JSON.stringify(request.trace) : null,
    told_position: position,
  };
}

/** As its row is read. */
function toAccepted({ agents: _agents, owed: _owed, notesPrompt: _isNoted, ...request }: NewRequest): RequestRecord {
  return {
    ...request,
    altered: request.altered ?? [],
    trace: request.trace ?? null,
    arrived: null,
    conversationLost: null,
    state: 'queued',
    phase: null,
    reason: null,
    retryable: null,
    error: null,
    cancelAskedAt: null,
    startedAt: null,
    completedAt: null,
    epoch: 0,
    retries: 0,
    transcriptOffset: null,
    text: null,
    usage: null,
    usagePending: false,
    hookMetadata: {},
  };
}
