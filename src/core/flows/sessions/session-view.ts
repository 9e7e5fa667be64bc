import type { RequestRecord } from '../../model/request.ts';
import type { SessionRecord, SessionStatus } from '../../model/session.ts';
import { toSessionName } from '../../model/workspace.ts';
import type { LiveDetails } from '../../ports/agent.ts';
import type { SessionView } from '../../ports/gateway/sessions.ts';
import type { FlowParts } from '../parts.ts';
import type { Agents } from './agents/agents.ts';
import type { Inspection } from './inspection.ts';

export interface ViewDeps {
  readonly parts: FlowParts;
  readonly agents: Agents;
  readonly turns: RunningTurns;
  readonly inspection: Inspection;
}

/** The turns that run in the sessions, as far as they are shown. */
export interface RunningTurns {
  running(workspace: string): { readonly request: RequestRecord } | null;
}

export async function viewSessions(
  deps: ViewDeps,
  sessions: readonly SessionRecord[],
): Promise<readonly SessionView[]> {
  const details = await deps.inspection();
  return Promise.all(sessions.map((session) => toView(deps, session, details.get(session.workspace))));
}

export async function viewSession(deps: ViewDeps, session: SessionRecord): Promise<SessionView> {
  return toView(deps, session, (await deps.inspection()).get(session.workspace));
}

async function toView(
  { parts: { store, clock }, agents, turns }: ViewDeps,
  session: SessionRecord,
  details: LiveDetails | undefined,
): Promise<SessionView> {
  const { workspace } = session;
  const runningRequestId = turns.running(workspace)?.request.id ?? null;
  const [counts, spent] = await Promise.all([store.countRequests(workspace), store.sumSpentInSession(workspace)]);
  const { attach = null, attached = 0, permissionMode = null, process = null } = details ?? {};
  return {
    ...session,
    sessionName: toSessionName(workspace),
    status: toStatus(agents.stateOf(workspace), runningRequestId !== null),
    activeRequests: counts.active,
    totalRequests: counts.total,
    spent,
    runningRequestId,
    age: clock.now() - session.createdAt,
    attach,
    attached,
    permissionMode,
    process,
  };
}

function toStatus(agent: ReturnType<Agents['stateOf']>, isRunning: boolean): SessionStatus {
  if (agent === 'starting') return 'starting';
  if (isRunning) return 'active';
  return agent === null ? 'asleep' : 'idle';
}
