import { appendNotice } from '../../events/notices.ts';
import type { FlowParts } from '../../parts.ts';
import type { HeldAgents } from './held-agents.ts';

/** Ends the live agent, also one that is just starting. */
export async function closeAgent(held: HeldAgents, workspace: string): Promise<void> {
  const agent = held.of(workspace);
  if (agent?.kind === 'live') await agent.session.close();
  if (agent?.kind === 'starting') {
    agent.stop.abort();
    await agent.started.then(
      (session) => session.close(),
      () => {},
    );
  }
  const left = held.of(workspace);
  if (left !== undefined) held.drop(workspace, left);
}

/** Ends the agent and keeps its conversation; false when it is needed, or is not live. */
export async function putToSleep(parts: FlowParts, held: HeldAgents, workspace: string): Promise<boolean> {
  const agent = held.of(workspace);
  if (agent?.kind !== 'live') return false;
  try {
    if (!(await agent.session.sleep())) return false;
  } catch (error) {
    parts.log.warn({ workspace, error: String(error) }, 'session.not_slept');
    return false;
  }
  held.drop(workspace, agent);
  appendNotice(parts, workspace, null, { type: 'session.slept', data: {} });
  return true;
}
