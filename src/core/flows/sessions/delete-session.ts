import type { AgentName } from '../../model/agent.ts';
import { GatewayError } from '../../model/errors.ts';
import type { FlowParts } from '../parts.ts';
import { SESSION_DELETED, type Ended } from '../requests/ends.ts';
import type { Agents } from './agents/agents.ts';
import { requireSession } from './require-session.ts';

export interface DeleteDeps {
  readonly parts: FlowParts;
  readonly agents: Agents;
  readonly turns: DeletableTurns;
  readonly ended: Ended;
}

/** The turns that run in the sessions, as far as a delete ends them. */
export interface DeletableTurns {
  /** Looks whether this session has work. */
  kick(workspace: string, agent: AgentName): void;
  /** The one that runs there, once a claim under way has been decided. */
  claimed(workspace: string): Promise<{
    stop(cause: 'session_deleted'): void;
    readonly done: Promise<void>;
  } | null>;
}

/** @throws GatewayError `not_found`, `session_busy` */
export async function deleteSession(deps: DeleteDeps, workspace: string, force: boolean): Promise<void> {
  const { parts, agents, turns } = deps;
  const { store, clock, log } = parts;
  const session = await requireSession(store, workspace);
  const { active } = await store.countRequests(workspace);
  if (active > 0 && !force) {
    throw new GatewayError('session_busy', `Session has ${active} active requests: use ?force=true to end them`);
  }
  await agents.exclusive(workspace, async () => {
    await endQueued(deps, workspace);
    turns.kick(workspace, session.agent);
    const turn = await turns.claimed(workspace);
    turn?.stop('session_deleted');
    // From here a new request begins a new session; its agent is started when the old one is gone.
    await store.deleteSession(workspace, clock.now());
    await agents.close(workspace);
    await turn?.done;
  });
  log.info({ workspace }, 'session.deleted');
}

async function endQueued({ parts: { store, clock }, ended }: DeleteDeps, workspace: string): Promise<void> {
  for (const request of await store.listQueued(workspace)) {
    if (await store.endQueued(request.id, SESSION_DELETED, clock.now())) ended(request, SESSION_DELETED);
  }
}
