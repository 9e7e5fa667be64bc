import type { Selectable } from 'kysely';
import { QUICK_AGENT, type QuickRecord } from '../../core/model/quick/session.ts';
import type { Usage } from '../../core/model/usage/usage.ts';
import type { QuickMessages, QuickStore, QuickTurn } from '../../core/ports/quick/quick-store.ts';
import { appendEvent } from '../events/events.ts';
import { ensureSession } from '../sessions/sessions.ts';
import { toEvent, toRequest } from '../sql/rows.ts';
import { returned, type Statements } from '../sql/statements.ts';
import type { QuickSessionsTable } from '../sql/tables.ts';
import {
  allTurns,
  changeState,
  deleteQuick,
  insertQuick,
  lastRequests,
  lastTools,
  makeReady,
  takeSecond,
  turnsOf,
} from './quick-queries.ts';

/** Must run inside one transaction, like all that writes. */
export function beginQuick(db: Statements, repo: string, now: number): QuickRecord {
  const { last } = returned(db.get(takeSecond, { second: Math.floor(now / 1_000) }));
  return toQuick(returned(db.get(insertQuick, { id: `quick-${last}`, repo, created_at: now })));
}

export function readyQuick(
  db: Statements,
  id: string,
  { path, branch, base, fetch }: Parameters<QuickStore['readyQuick']>[1],
  now: number,
): boolean {
  if (db.run(makeReady, { id, path, branch, base }) === 0) return false;
  const session = { agentSessionId: null, createdAt: now, lastActivityAt: now };
  ensureSession(db, { workspace: id, agent: QUICK_AGENT, ...session });
  appendEvent(db, { type: 'quick.started', requestId: null, workspace: id, at: now, data: { branch, fetch } });
  return true;
}

export function expireQuick(db: Statements, id: string, now: number): boolean {
  if (db.run(changeState, { id, from: 'ready', to: 'expired' }) === 0) return false;
  appendEvent(db, { type: 'quick.expired', requestId: null, workspace: id, at: now });
  return true;
}

export function removeQuick(db: Statements, id: string): boolean {
  const move = (from: 'ready' | 'expired'): boolean => db.run(changeState, { id, from, to: 'removing' }) > 0;
  return move('ready') || move('expired');
}

export function forgetQuick(db: Statements, id: string, keptBranches: readonly string[], now: number): void {
  const gone = db.get(deleteQuick, { id });
  if (gone === undefined || gone.state === 'starting') return;
  appendEvent(db, { type: 'quick.deleted', requestId: null, workspace: id, at: now, data: { keptBranches } });
}

export function listQuickTurns(db: Statements, id: string | null): readonly QuickTurn[] {
  const rows = id === null ? db.all(allTurns, {}) : db.all(turnsOf, { id });
  return rows.map(({ workspace, state, usage, created_at, completed_at }) => ({
    workspace,
    state,
    usage: usage === null ? null : (JSON.parse(usage) as Usage),
    createdAt: created_at,
    completedAt: completed_at,
  }));
}

export function readQuickMessages(db: Statements, id: string, limit: number): QuickMessages {
  return {
    requests: db.all(lastRequests, { id, limit }).toReversed().map(toRequest),
    tools: db.all(lastTools, { id, limit }).toReversed().map(toEvent),
  };
}

export function toQuick(row: Selectable<QuickSessionsTable>): QuickRecord {
  const { path, branch, base } = row;
  return {
    id: row.id,
    repo: row.repo,
    state: row.state,
    worktree: path === null || branch === null || base === null ? null : { path, branch, base },
    createdAt: row.created_at,
  };
}
