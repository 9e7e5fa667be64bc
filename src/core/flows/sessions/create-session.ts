import type { Who } from '../../model/audit/audit.ts';
import type { AgentName } from '../../model/agent.ts';
import { GatewayError } from '../../model/errors.ts';
import { checkWorkspaceName } from '../../model/workspace.ts';
import type { SessionRecord } from '../../model/session.ts';
import type { SessionView } from '../../ports/gateway/sessions.ts';
import { driverOf, type FlowParts } from '../parts.ts';
import type { Readiness } from '../readiness.ts';
import type { Pool } from './pool/pool.ts';
import { viewSession, type ViewDeps } from './session-view.ts';

export interface CreateDeps extends ViewDeps {
  readonly readiness: Pick<Readiness, 'refuseWhileDraining'>;
  readonly pool: Pick<Pool, 'reserve'>;
}

/** @throws GatewayError `draining`, `invalid_field`, `agent_mismatch`, `agent_unavailable` */
export async function createSession(
  deps: CreateDeps,
  workspace: string,
  agent: AgentName = deps.parts.settings.defaultAgent,
  who?: Who,
): Promise<{ readonly session: SessionView; readonly created: boolean }> {
  const { parts, readiness } = deps;
  readiness.refuseWhileDraining();
  checkWorkspaceName(workspace);
  await mustStart(parts, agent);
  await parts.workspaces.ensure(workspace);
  const { session, created } = await ensureSession(parts, { workspace, agent }, who);
  if (created) parts.log.info({ workspace, agent }, 'session.created');
  const known: string = session.agent;
  if (known !== agent) {
    throw new GatewayError('agent_mismatch', `The session of ${workspace} has the agent ${known}`, { field: 'agent' });
  }
  warm(deps, workspace, agent).catch((error: unknown) =>
    parts.log.warn({ workspace, error: String(error) }, 'session.not_warmed'),
  );
  return { session: await viewSession(deps, session), created };
}

/** Otherwise it would be shown as starting, and never start. */
async function mustStart(parts: FlowParts, agent: AgentName): Promise<void> {
  const { installed, credentials, hint } = await driverOf(parts, agent).check();
  if (!installed || !credentials) throw new GatewayError('agent_unavailable', hint ?? `${agent} cannot start`);
}

function ensureSession(
  { store, clock }: FlowParts,
  named: Pick<SessionRecord, 'workspace' | 'agent'>,
  who: Who | undefined,
) {
  const now = clock.now();
  return store.ensureSession({ ...named, agentSessionId: null, createdAt: now, lastActivityAt: now }, who);
}

/** A request that follows tells what went wrong, if anything did. Without a free place it stays asleep. */
async function warm({ parts, agents, pool }: CreateDeps, workspace: string, agent: AgentName): Promise<void> {
  const lease = await pool.reserve(workspace);
  if (lease === null) return parts.log.info({ workspace }, 'session.no_place');
  await agents.acquire(workspace, agent, AbortSignal.any([])).finally(() => lease.release());
}
