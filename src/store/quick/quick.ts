import type { Selectable } from 'kysely';
import type { Who } from '../../core/model/audit/audit.ts';
import type { By } from '../../core/ports/audit/audit-store.ts';
import { QUICK_AGENT, type QuickRecord } from '../../core/model/quick/session.ts';
import type { Usage } from '../../core/model/usage/usage.ts';
import type { QuickMessages, QuickStore, QuickTurn } from '../../core/ports/quick/quick-store.ts';
import { noteAudit } from '../audit/audit.ts';
import { appendEvent } from '../events/events.ts';
import { ensureSession } from '../sessions/sessions.ts';
import { toEvent, toRequest } from '../sql/rows.ts';
import { all, get, returned, run, type Step } from '../sql/step.ts';
import type { QuickSessionsTable } from '../sql/tables.ts';
import {
  allQuick,
  allTurns,
  changeState,
  deleteQuick,
  insertQuick,
  lastRequests,
  lastTools,
  makeReady,
  quickById,
  takeSecond,
  turnsOf,
} from './quick-queries.ts';

/** Must run inside one transaction, like all that writes. */
export function* beginQuick(repo: string, now: number): Step<QuickRecord> {
  const { last } = returned(yield* get(takeSecond, { second: Math.floor(now / 1_000) }));
  return toQuick(returned(yield* get(insertQuick, { id: `quick-${last}`, repo, created_at: now })));
}

export function* readyQuick(
  id: string,
  { path, branch, base, fetch }: Parameters<QuickStore['readyQuick']>[1],
  now: number,
  who?: Who,
): Step<boolean> {
  if ((yield* run(makeReady, { id, path, branch, base })) === 0) return false;
  const session = { agentSessionId: null, createdAt: now, lastActivityAt: now };
  yield* ensureSession({ workspace: id, agent: QUICK_AGENT, ...session }, who);
  yield* appendEvent({ type: 'quick.started', requestId: null, workspace: id, at: now, data: { branch, fetch } });
  return true;
}

export function* expireQuick(id: string, now: number): Step<boolean> {
  if ((yield* run(changeState, { id, from: 'ready', to: 'expired' })) === 0) return false;
  yield* appendEvent({ type: 'quick.expired', requestId: null, workspace: id, at: now });
  return true;
}

export function* removeQuick(id: string, by?: By): Step<boolean> {
  const isReady = (yield* run(changeState, { id, from: 'ready', to: 'removing' })) > 0;
  const isRemoved = isReady || (yield* run(changeState, { id, from: 'expired', to: 'removing' })) > 0;
  if (isRemoved && by !== undefined)
    yield* noteAudit({ ...by, action: 'session.deleted', workspace: id, subject: null });
  return isRemoved;
}

export function* forgetQuick(id: string, keptBranches: readonly string[], now: number): Step<void> {
  const gone = yield* get(deleteQuick, { id });
  if (gone === undefined || gone.state === 'starting') return;
  yield* appendEvent({ type: 'quick.deleted', requestId: null, workspace: id, at: now, data: { keptBranches } });
}

export function* readQuick(id: string): Step<QuickRecord | null> {
  const row = yield* get(quickById, { id });
  return row === undefined ? null : toQuick(row);
}

export function* listQuick(): Step<readonly QuickRecord[]> {
  return (yield* all(allQuick, {})).map(toQuick);
}

export function* listQuickTurns(id: string | null): Step<readonly QuickTurn[]> {
  const rows = id === null ? yield* all(allTurns, {}) : yield* all(turnsOf, { id });
  return rows.map(({ workspace, state, usage, created_at, completed_at }) => ({
    workspace,
    state,
    usage: usage === null ? null : (JSON.parse(usage) as Usage),
    createdAt: created_at,
    completedAt: completed_at,
  }));
}

export function* readQuickMessages(id: string, limit: number): Step<QuickMessages> {
  return {
    requests: (yield* all(lastRequests, { id, limit })).toReversed().map(toRequest),
    tools: (yield* all(lastTools, { id, limit })).toReversed().map(toEvent),
  };
}

function toQuick(row: Selectable<QuickSessionsTable>): QuickRecord {
  const { path, branch, base } = row;
  return {
    id: row.id,
    repo: row.repo,
    state: row.state,
    worktree: path === null || branch === null || base === null ? null : { path, branch, base },
    createdAt: row.created_at,
  };
}
