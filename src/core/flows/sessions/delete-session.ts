import type { Who } from '../../model/audit/audit.ts';
import type { AgentName } from '../../model/agent.ts';
import { GatewayError } from '../../model/errors.ts';
import type { SessionRecord } from '../../model/session.ts';
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
export async function deleteSession(deps: DeleteDeps, workspace: string, force: boolean, who?: Who): Promise<void> {
  const { store } = deps.parts;
  const session = await requireSession(store, workspace);
  const { active } = await store.countRequests(workspace);
  if (active > 0 && !force) {
    throw new GatewayError('session_busy', `Session has ${active} active requests`, {
      wayOut: 'Use ?force=true to terminate anyway',
    });
  }
  await endSession(deps, { ...session, who });
}

interface EndedSession extends Pick<SessionRecord, 'workspace' | 'agent'> {
  /** Who asked for it; absent: the gateway itself. */
  readonly who?: Who | undefined;
}

/** Ends its requests and its agent, and forgets it. `last` runs when they are gone, before another agent can be there. */
export async function endSession(
  { parts, agents, turns, ended }: DeleteDeps,
  { workspace, agent, who }: EndedSession,
  last: () => Promise<void> = async () => {},
): Promise<void> {
  await agents.exclusive(workspace, async () => {
    await endQueued({ parts, ended }, workspace);
    turns.kick(workspace, agent);
    const turn = await turns.claimed(workspace);
    turn?.stop('session_deleted');
    // From here a new request begins a new session; its agent is started when the old one is gone.
    const isKnown = await parts.store.deleteSession(workspace, parts.clock.now(), who);
    await agents.close(workspace);
    await turn?.done;
    if (isKnown) parts.log.info({ workspace }, 'session.deleted');
    await last();
  });
}

async function endQueued(
  { parts: { store, clock }, ended }: Pick<DeleteDeps, 'parts' | 'ended'>,
  workspace: string,
): Promise<void> {
  for (const request of await store.listQueued(workspace)) {
    if (await store.endQueued(request.id, SESSION_DELETED, clock.now())) ended(request, SESSION_DELETED);
  }
}
