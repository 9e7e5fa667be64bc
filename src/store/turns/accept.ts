import { PRIORITIES } from '../../core/model/request.ts';
import type {
  Acceptance,
  IdempotencyClaim,
  NewRequest,
  AcceptanceLimits,
  Replay,
} from '../../core/ports/requests/acceptance.ts';
import { appendEvent } from '../events/events.ts';
import { claimedKey, forgetKeysBefore, insertKey } from '../idempotency/idempotency-queries.ts';
import { placeNew, tellMoves } from './moves.ts';
import { oweAnswer } from '../answers/owed-answers.ts';
import { findSpentBudget } from '../spending/spending.ts';
import { insertRequest, queueLength, requestById } from '../requests/queries.ts';
import { toAltered, toRequest } from '../sql/rows.ts';
import { sessionOf } from '../sessions/session-queries.ts';
import { createSession } from '../sessions/sessions.ts';
import { returned, type Statements } from '../sql/statements.ts';

/** Must run inside one transaction: what it decides holds only there. */
export function accept(
  db: Statements,
  request: NewRequest,
  limits: AcceptanceLimits,
  idempotency: IdempotencyClaim | null,
): Acceptance {
  const earlier = idempotency === null ? null : replay(db, idempotency);
  if (earlier !== null) return earlier;

  const session = db.get(sessionOf, { workspace: request.workspace });
  if (session !== undefined && session.agent !== request.agent) return { kind: 'agent_mismatch', agent: session.agent };

  const spent = findSpentBudget(db, limits.budgets ?? {}, session?.id ?? null);
  if (spent !== null) return { kind: 'budget_spent', limit: spent };

  const full = findFullQueue(db, request.workspace, limits);
  if (full !== null) return { kind: 'queue_full', limit: full };

  const { id: sessionId } = session ?? createSession(db, toNewSession(request));
  const row = returned(db.get(insertRequest, toNewRow(request, sessionId)));
  const { id: requestId, workspace, createdAt: at, source, priority } = request;
  const position = placeNew(db, requestId, workspace, at);
  appendEvent(db, { type: 'request.queued', requestId, workspace, at, data: { source, priority, position } });
  if (position !== null) tellMoves(db, workspace, at);
  if (idempotency !== null) {
    db.run(insertKey, {
      owner: idempotency.owner,
      key: idempotency.key,
      body_hash: idempotency.bodyHash,
      request_id: request.id,
      created_at: request.createdAt,
      kept: Number(idempotency.kept ?? false),
    });
  }
  if (request.owed !== undefined) oweAnswer(db, request.id, request.owed);
  return { kind: 'created', request: toRequest(row) };
}

/** What the key brings back; null when it is new. */
export function replay(db: Statements, claim: IdempotencyClaim): Replay | null {
  db.run(forgetKeysBefore, { notBefore: claim.notBefore });
  const known = db.get(claimedKey, { owner: claim.owner, key: claim.key });
  if (known === undefined) return null;
  if (known.body_hash !== claim.bodyHash) return { kind: 'idempotency_mismatch' };
  return { kind: 'replayed', request: toRequest(returned(db.get(requestById, { id: known.request_id }))) };
}

/** The limits are of those that wait; a running turn takes no place. */
function findFullQueue(db: Statements, workspace: string, limits: AcceptanceLimits): 'total' | 'session' | null {
  if (readQueueLength(db, '') >= limits.total) return 'total';
  return readQueueLength(db, workspace) >= limits.perSession ? 'session' : null;
}

export function readQueueLength(db: Statements, workspace: string): number {
  return db.get(queueLength, { workspace })?.length ?? 0;
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

function toNewRow(request: NewRequest, sessionId: number) {
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
  };
}
