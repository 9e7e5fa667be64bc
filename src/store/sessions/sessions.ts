import type { SessionRecord } from '../../core/model/session.ts';
import type { SessionCounts } from '../../core/ports/store.ts';
import { appendEvent } from '../events/events.ts';
import { type SessionRow, toSession } from '../sql/rows.ts';
import { activeRequests, changeSession, forgetSession, insertSession, sessionOf } from './session-queries.ts';
import { returned, type Statements } from '../sql/statements.ts';

export function ensureSession(db: Statements, wanted: SessionRecord): { session: SessionRecord; created: boolean } {
  const known = db.get(sessionOf, { workspace: wanted.workspace });
  if (known !== undefined) return { session: toSession(known), created: false };
  return { session: toSession(createSession(db, wanted)), created: true };
}

export function createSession(db: Statements, session: SessionRecord): SessionRow {
  const row = returned(
    db.get(insertSession, {
      workspace: session.workspace,
      agent: session.agent,
      agent_session_id: session.agentSessionId,
      created_at: session.createdAt,
      last_activity_at: session.lastActivityAt,
    }),
  );
  appendEvent(db, {
    type: 'session.created',
    requestId: null,
    workspace: session.workspace,
    at: session.createdAt,
    data: { agent: session.agent },
  });
  return row;
}

export function updateSession(
  db: Statements,
  workspace: string,
  change: { readonly agentSessionId?: string; readonly lastActivityAt?: number },
): boolean {
  const changed = db.run(changeSession, {
    workspace,
    agent_session_id: change.agentSessionId ?? null,
    last_activity_at: change.lastActivityAt ?? null,
  });
  return changed > 0;
}

export function deleteSession(db: Statements, workspace: string, now: number): boolean {
  if (db.run(forgetSession, { workspace }) === 0) return false;
  appendEvent(db, { type: 'session.deleted', requestId: null, workspace, at: now });
  return true;
}

/** `active` counts what waits or runs in the workspace; `total` counts what its present session accepted, so a session
 *  that was deleted and made anew starts from zero. */
export function countRequests(db: Statements, workspace: string): SessionCounts {
  return {
    active: returned(db.get(activeRequests, { workspace })).count,
    total: db.get(sessionOf, { workspace })?.accepted ?? 0,
  };
}
