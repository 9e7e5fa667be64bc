import type { Who } from '../../core/model/audit/audit.ts';
import type { SessionRecord } from '../../core/model/session.ts';
import type { SessionCounts } from '../../core/ports/store.ts';
import { noteAudit } from '../audit/audit.ts';
import { appendEvent } from '../events/events.ts';
import { type SessionRow, toSession } from '../sql/rows.ts';
import {
  activeRequests,
  allSessions,
  changeSession,
  forgetSession,
  insertSession,
  sessionOf,
} from './session-queries.ts';
import { all, get, returned, run, type Step } from '../sql/step.ts';

export function* ensureSession(wanted: SessionRecord, who?: Who): Step<{ session: SessionRecord; created: boolean }> {
  const known = yield* get(sessionOf, { workspace: wanted.workspace });
  if (known !== undefined) return { session: toSession(known), created: false };
  const { workspace, agent, createdAt: at } = wanted;
  if (who !== undefined)
    yield* noteAudit({ at, who, action: 'session.created', workspace, subject: null, detail: { agent } });
  return { session: toSession(yield* createSession(wanted)), created: true };
}

export function* createSession(session: SessionRecord): Step<SessionRow> {
  const row = returned(
    yield* get(insertSession, {
      workspace: session.workspace,
      agent: session.agent,
      agent_session_id: session.agentSessionId,
      created_at: session.createdAt,
      last_activity_at: session.lastActivityAt,
    }),
  );
  yield* appendEvent({
    type: 'session.created',
    requestId: null,
    workspace: session.workspace,
    at: session.createdAt,
    data: { agent: session.agent },
  });
  return row;
}

export function* updateSession(
  workspace: string,
  change: { readonly agentSessionId?: string; readonly lastActivityAt?: number },
): Step<boolean> {
  const changed = yield* run(changeSession, {
    workspace,
    agent_session_id: change.agentSessionId ?? null,
    last_activity_at: change.lastActivityAt ?? null,
  });
  return changed > 0;
}

export function* deleteSession(workspace: string, now: number, who?: Who): Step<boolean> {
  if ((yield* run(forgetSession, { workspace })) === 0) return false;
  if (who !== undefined) yield* noteAudit({ at: now, who, action: 'session.deleted', workspace, subject: null });
  yield* appendEvent({ type: 'session.deleted', requestId: null, workspace, at: now });
  return true;
}

export function* readSession(workspace: string): Step<SessionRecord | null> {
  const row = yield* get(sessionOf, { workspace });
  return row === undefined ? null : toSession(row);
}

export function* listSessions(): Step<readonly SessionRecord[]> {
  return (yield* all(allSessions, {})).map(toSession);
}

/** `active` counts what waits or runs in the workspace; `total` counts what its present session accepted, so a session
 *  that was deleted and made anew starts from zero. */
export function* countRequests(workspace: string): Step<SessionCounts> {
  return {
    active: returned(yield* get(activeRequests, { workspace })).count,
    total: (yield* get(sessionOf, { workspace }))?.accepted ?? 0,
  };
}
