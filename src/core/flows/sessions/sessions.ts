import { GatewayError } from '../../model/errors.ts';
import type { SessionsApi } from '../../ports/gateway/sessions.ts';
import { driverOf, type FlowParts } from '../parts.ts';
import { createSession, type CreateDeps } from './create-session.ts';
import { deleteSession, type DeleteDeps } from './delete-session.ts';
import { requireSession } from './require-session.ts';
import { viewSession, viewSessions, type ViewDeps } from './session-view.ts';

export interface SessionsDeps extends CreateDeps, DeleteDeps, ViewDeps {
  readonly turns: DeleteDeps['turns'] & ViewDeps['turns'];
}

export function createSessions(deps: SessionsDeps): SessionsApi {
  const { parts } = deps;
  const { store } = parts;
  return {
    list: async () => viewSessions(deps, await store.listSessions()),
    read: async (workspace) => viewSession(deps, await requireSession(store, workspace)),
    create: (workspace, agent, who) => createSession(deps, workspace, agent, who),
    delete: (workspace, force, who) => deleteSession(deps, workspace, force, who),
    screen: (workspace) => readScreen(parts, workspace),
  };
}

async function readScreen(parts: FlowParts, workspace: string): Promise<string> {
  const { agent } = await requireSession(parts.store, workspace);
  const screen = await driverOf(parts, agent).screen(workspace);
  if (screen !== null) return screen;
  throw new GatewayError('no_screen', `The session of ${workspace} is asleep and has no screen`, { retry: 'later' });
}
