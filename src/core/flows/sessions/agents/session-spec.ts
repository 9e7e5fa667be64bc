import type { SessionListener, SessionSpec } from '../../../ports/agent.ts';
import { appendNotice } from '../../events/notices.ts';
import type { FlowParts } from '../../parts.ts';

/** What the agent of a session is started with, or found by. */
export async function readSpec(
  { store, workspaces }: Pick<FlowParts, 'store' | 'workspaces'>,
  workspace: string,
): Promise<SessionSpec> {
  const cwd = await workspaces.ensure(workspace);
  const known = await store.readSession(workspace);
  const rules = await store.readRules(workspace);
  return { workspace, cwd, agentSessionId: known?.agentSessionId ?? null, rules };
}

/** Notes what happens in the session outside of its turns. */
export function createListener(parts: Pick<FlowParts, 'store' | 'clock' | 'log'>, workspace: string): SessionListener {
  return {
    noticed: (notice) => appendNotice(parts, workspace, null, notice),
    moved(agentSessionId) {
      parts.store.updateSession(workspace, { agentSessionId }).catch((error: unknown) => {
        parts.log.error({ workspace, error: String(error) }, 'session.move_not_stored');
      });
    },
  };
}
