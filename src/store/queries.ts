import { PRIORITIES, type RequestEnd, type RequestState } from '../core/model/request.ts';
import type { SessionRecord } from '../core/model/session.ts';
import type { IdempotencyClaim, NewEvent, NewRequest, TurnProgress, TurnRef } from '../core/ports/store.ts';
import { sql } from './statements.ts';

/** A waiting request goes first after so many overtakings, or after so long. */
export const OVERTAKEN_MAX = 10;
export const WAIT_MAX_MS = 300_000;

export const insertRequest = (request: NewRequest) =>
  sql.insertInto('requests').values({
    id: request.id,
    workspace: request.workspace,
    agent: request.agent,
    source: request.source,
    identity: JSON.stringify(request.identity),
    priority: request.priority,
    rank: PRIORITIES.indexOf(request.priority),
    overtaken: 0,
    prompt: request.prompt,
    timeout_ms: request.timeoutMs,
    reply_to: request.replyTo,
    state: 'queued',
    created_at: request.createdAt,
    epoch: 0,
    phase: null,
    reason: null,
    error: null,
    cancel_asked_at: null,
    started_at: null,
    completed_at: null,
    transcript_offset: null,
    text: null,
    usage: null,
  });

export const selectRequest = (id: string) => sql.selectFrom('requests').selectAll().where('id', '=', id);

export const selectInState = (state: RequestState) =>
  sql.selectFrom('requests').selectAll().where('state', '=', state).orderBy('number');

export const selectQueued = (workspace: string) =>
  sql
    .selectFrom('requests')
    .selectAll()
    .where('state', '=', 'queued')
    .where('workspace', '=', workspace)
    .orderBy('rank')
    .orderBy('number');

export const countInState = (state: RequestState, workspace: string | null) => {
  const count = sql
    .selectFrom('requests')
    .select((of) => of.fn.countAll<number>().as('count'))
    .where('state', '=', state);
  return workspace === null ? count : count.where('workspace', '=', workspace);
};

export const countOf = (workspace: string) =>
  sql
    .selectFrom('requests')
    .select((of) => of.fn.countAll<number>().as('count'))
    .where('workspace', '=', workspace);

export const selectOldestWaiting = (workspace: string, now: number) =>
  sql
    .selectFrom('requests')
    .select('id')
    .where('state', '=', 'queued')
    .where('workspace', '=', workspace)
    .where((of) => of.or([of('overtaken', '>=', OVERTAKEN_MAX), of('created_at', '<=', now - WAIT_MAX_MS)]))
    .orderBy('number')
    .limit(1);

export const selectHead = (workspace: string) =>
  sql
    .selectFrom('requests')
    .select('id')
    .where('state', '=', 'queued')
    .where('workspace', '=', workspace)
    .orderBy('rank')
    .orderBy('number')
    .limit(1);

export const claimRequest = (id: string, workspace: string, now: number) =>
  sql
    .updateTable('requests')
    .set((of) => ({
      state: 'running',
      phase: 'preparing',
      epoch: of('epoch', '+', 1),
      started_at: now,
      transcript_offset: null,
    }))
    .where('id', '=', id)
    .where('state', '=', 'queued')
    .where((of) =>
      of.not(
        of.exists(
          of
            .selectFrom('requests as other')
            .select('other.id')
            .where('other.workspace', '=', workspace)
            .where('other.state', '=', 'running'),
        ),
      ),
    );

export const countOvertaking = (claimed: { readonly number: number; readonly workspace: string }) =>
  sql
    .updateTable('requests')
    .set((of) => ({ overtaken: of('overtaken', '+', 1) }))
    .where('state', '=', 'queued')
    .where('workspace', '=', claimed.workspace)
    .where('number', '<', claimed.number);

export const updateTurn = (turn: TurnRef, { phase, transcriptOffset }: TurnProgress) =>
  sql
    .updateTable('requests')
    .set({ phase, ...(transcriptOffset !== undefined && { transcript_offset: transcriptOffset }) })
    .where('id', '=', turn.id)
    .where('epoch', '=', turn.epoch)
    .where('state', '=', 'running');

export const requeueTurn = (turn: TurnRef) =>
  sql
    .updateTable('requests')
    .set({ state: 'queued', phase: null, started_at: null, transcript_offset: null })
    .where('id', '=', turn.id)
    .where('epoch', '=', turn.epoch)
    .where('state', '=', 'running');

const toEnd = (end: RequestEnd, now: number) => ({
  state: end.state,
  phase: null,
  reason: end.reason,
  error: end.error,
  text: end.text,
  usage: end.usage === null ? null : JSON.stringify(end.usage),
  completed_at: now,
});

export const endTurn = (turn: TurnRef, end: RequestEnd, now: number) =>
  sql
    .updateTable('requests')
    .set(toEnd(end, now))
    .where('id', '=', turn.id)
    .where('epoch', '=', turn.epoch)
    .where('state', '=', 'running');

export const endQueued = (id: string, end: RequestEnd, now: number) =>
  sql.updateTable('requests').set(toEnd(end, now)).where('id', '=', id).where('state', '=', 'queued');

export const askCancel = (id: string, now: number) =>
  sql
    .updateTable('requests')
    .set({ cancel_asked_at: now })
    .where('id', '=', id)
    .where('state', '=', 'running')
    .where('cancel_asked_at', 'is', null);

export const insertSession = (session: SessionRecord) =>
  sql
    .insertInto('sessions')
    .values({
      workspace: session.workspace,
      agent: session.agent,
      agent_session_id: session.agentSessionId,
      created_at: session.createdAt,
      last_activity_at: session.lastActivityAt,
    })
    .onConflict((conflict) => conflict.column('workspace').doNothing());

export const selectSession = (workspace: string) =>
  sql.selectFrom('sessions').selectAll().where('workspace', '=', workspace);

export const selectSessions = () => sql.selectFrom('sessions').selectAll().orderBy('created_at').orderBy('workspace');

export const updateSession = (
  workspace: string,
  change: { readonly agentSessionId?: string; readonly lastActivityAt?: number },
) =>
  sql
    .updateTable('sessions')
    .set({
      ...(change.agentSessionId !== undefined && { agent_session_id: change.agentSessionId }),
      ...(change.lastActivityAt !== undefined && { last_activity_at: change.lastActivityAt }),
    })
    .where('workspace', '=', workspace);

export const deleteSession = (workspace: string) => sql.deleteFrom('sessions').where('workspace', '=', workspace);

export const insertEvent = (event: NewEvent) =>
  sql
    .insertInto('events')
    .values({
      type: event.type,
      request_id: event.requestId,
      workspace: event.workspace,
      at: event.at,
      data: JSON.stringify(event.data ?? {}),
    })
    .returningAll();

export const selectEvents = (after: number, limit: number) =>
  sql.selectFrom('events').selectAll().where('seq', '>', after).orderBy('seq').limit(limit);

export const forgetKeys = (notBefore: number) => sql.deleteFrom('idempotency_keys').where('created_at', '<', notBefore);

export const selectKey = (claim: IdempotencyClaim) =>
  sql.selectFrom('idempotency_keys').selectAll().where('owner', '=', claim.owner).where('key', '=', claim.key);

export const insertKey = (claim: IdempotencyClaim, requestId: string, now: number) =>
  sql
    .insertInto('idempotency_keys')
    .values({ owner: claim.owner, key: claim.key, body_hash: claim.bodyHash, request_id: requestId, created_at: now });
