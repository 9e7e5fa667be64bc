import { chmodSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { EventType } from '../core/model/event.ts';
import type { EndState, RequestRecord } from '../core/model/request.ts';
import type { Acceptance, IdempotencyClaim, NewEvent, NewRequest, QueueLimits, Store } from '../core/ports/store.ts';
import { createGroupCommit } from './group-commit.ts';
import { migrate } from './migrations.ts';
import * as query from './queries.ts';
import { toEvent, toRequest, toSession } from './rows.ts';
import { createStatements, type Statements } from './statements.ts';

const END_EVENT: Readonly<Record<EndState, EventType>> = {
  completed: 'request.completed',
  failed: 'request.failed',
  timed_out: 'request.timed_out',
  cancelled: 'request.cancelled',
};

/** Opens (and creates) the database file, readable by its owner alone. */
export function openSqliteStore(file: string): Store {
  const db = new DatabaseSync(file);
  chmodSync(file, 0o600);
  // FULL: with NORMAL a power loss takes acknowledged rows.
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000;');
  migrate(db, file);
  const run = createStatements(db);
  const commits = createGroupCommit(db);
  const write = <T>(change: () => T): Promise<T> => commits.write(change);
  const tell = (event: NewEvent) => toEvent(run.first(query.insertEvent(event))!);
  const read = (id: string): RequestRecord | null => {
    const row = run.first(query.selectRequest(id));
    return row === null ? null : toRequest(row);
  };
  const tellOf = (
    request: RequestRecord,
    type: EventType,
    at: number,
    data?: Readonly<Record<string, unknown>>,
  ): void => void tell({ type, requestId: request.id, workspace: request.workspace, at, ...(data && { data }) });
  /** Tells of a change of a request, when there was one. */
  const changed = (
    rows: number,
    id: string,
    type: EventType | null,
    at: number,
    data?: Readonly<Record<string, unknown>>,
  ): boolean => {
    if (rows === 0) return false;
    const request = read(id);
    if (request !== null && type !== null) tellOf(request, type, at, data);
    return true;
  };

  return {
    accept: (request, limits, idempotency) => write(() => accept(run, tell, request, limits, idempotency)),

    claim: (workspace, now) =>
      write(() => {
        const next = run.first(query.selectOldestWaiting(workspace, now)) ?? run.first(query.selectHead(workspace));
        if (next === null || run.change(query.claimRequest(next.id, workspace, now)) === 0) return null;
        const row = run.first(query.selectRequest(next.id))!;
        run.change(query.countOvertaking(row));
        const request = toRequest(row);
        tellOf(request, 'request.started', now, { epoch: request.epoch });
        return request;
      }),

    progress: (turn, progress, now) =>
      write(() => {
        const type =
          progress.phase === 'submitting'
            ? 'request.submitting'
            : progress.phase === 'working'
              ? 'request.working'
              : null;
        return changed(run.change(query.updateTurn(turn, progress)), turn.id, type, now);
      }),

    requeue: (turn, now) => write(() => changed(run.change(query.requeueTurn(turn)), turn.id, 'request.requeued', now)),

    end: (turn, end, now) =>
      write(() =>
        changed(run.change(query.endTurn(turn, end, now)), turn.id, END_EVENT[end.state], now, { reason: end.reason }),
      ),

    endQueued: (id, end, now) =>
      write(() =>
        changed(run.change(query.endQueued(id, end, now)), id, END_EVENT[end.state], now, { reason: end.reason }),
      ),

    askCancel: (id, now) => write(() => changed(run.change(query.askCancel(id, now)), id, 'request.cancel_asked', now)),

    readRequest: async (id) => read(id),

    async readPosition(id) {
      const request = read(id);
      if (request?.state !== 'queued') return null;
      return run.all(query.selectQueued(request.workspace)).findIndex((row) => row.id === id) + 1;
    },

    async listUnended() {
      const rows = [...run.all(query.selectInState('running')), ...run.all(query.selectInState('queued'))];
      return rows.toSorted((a, b) => a.number - b.number).map(toRequest);
    },

    listQueued: async (workspace) => run.all(query.selectQueued(workspace)).map(toRequest),

    ensureSession: (session) =>
      write(() => {
        const created = run.change(query.insertSession(session)) > 0;
        if (created)
          tell({ type: 'session.created', requestId: null, workspace: session.workspace, at: session.createdAt });
        return { session: toSession(run.first(query.selectSession(session.workspace))!), created };
      }),

    updateSession: (workspace, change) => write(() => run.change(query.updateSession(workspace, change)) > 0),

    deleteSession: (workspace, now) =>
      write(() => {
        const deleted = run.change(query.deleteSession(workspace)) > 0;
        if (deleted) tell({ type: 'session.deleted', requestId: null, workspace, at: now });
        return deleted;
      }),

    async readSession(workspace) {
      const row = run.first(query.selectSession(workspace));
      return row === null ? null : toSession(row);
    },

    listSessions: async () => run.all(query.selectSessions()).map(toSession),

    async countRequests(workspace) {
      const count = (state: 'queued' | 'running'): number =>
        run.first(query.countInState(state, workspace))?.count ?? 0;
      return { active: count('queued') + count('running'), total: run.first(query.countOf(workspace))?.count ?? 0 };
    },

    appendEvent: (event) => write(() => tell(event)),

    listEvents: async (after, limit) => run.all(query.selectEvents(after, limit)).map(toEvent),

    probe: () =>
      write(() => {
        db.exec('CREATE TABLE IF NOT EXISTS probe (at INTEGER); INSERT INTO probe VALUES (1); DELETE FROM probe;');
      }),

    async close() {
      commits.close();
      db.close();
    },
  };
}

function accept(
  run: Statements,
  tell: (event: NewEvent) => unknown,
  request: NewRequest,
  limits: QueueLimits,
  idempotency: IdempotencyClaim | null,
): Acceptance {
  if (idempotency !== null) {
    run.change(query.forgetKeys(idempotency.notBefore));
    const known = run.first(query.selectKey(idempotency));
    const earlier = known === null ? null : run.first(query.selectRequest(known.request_id));
    if (known !== null && known.body_hash !== idempotency.bodyHash) return { kind: 'idempotency_mismatch' };
    if (earlier !== null) return { kind: 'replayed', request: toRequest(earlier) };
  }
  const session = run.first(query.selectSession(request.workspace));
  if (session !== null && session.agent !== request.agent) return { kind: 'agent_mismatch', agent: session.agent };
  const waiting = (workspace: string | null): number => run.first(query.countInState('queued', workspace))?.count ?? 0;
  if (waiting(null) >= limits.total) return { kind: 'queue_full', limit: 'total' };
  if (waiting(request.workspace) >= limits.perSession) return { kind: 'queue_full', limit: 'session' };

  const { workspace, createdAt: at } = request;
  const created = run.change(
    query.insertSession({ workspace, agent: request.agent, agentSessionId: null, createdAt: at, lastActivityAt: at }),
  );
  if (created > 0) tell({ type: 'session.created', requestId: null, workspace, at });
  run.change(query.insertRequest(request));
  if (idempotency !== null) run.change(query.insertKey(idempotency, request.id, at));
  tell({ type: 'request.queued', requestId: request.id, workspace, at });
  return { kind: 'created', request: toRequest(run.first(query.selectRequest(request.id))!) };
}
