import { NOTHING_SPENT } from '../examples.ts';
import { GatewayError } from '../../../src/core/model/errors.ts';
import type { SessionRecord } from '../../../src/core/model/session.ts';
import { toSessionName } from '../../../src/core/model/workspace.ts';
import type { SessionsApi, SessionView } from '../../../src/core/ports/gateway/sessions.ts';
import type { Memory } from './memory.ts';

export interface FakeSessions {
  readonly api: SessionsApi;
  setScreen(workspace: string, screen: string): void;
}

export function createFakeSessions(memory: Memory): FakeSessions {
  const { requests, sessions } = memory;
  const screens = new Map<string, string>();

  function toView(session: SessionRecord): SessionView {
    const all = [...requests.values()].filter(({ workspace }) => workspace === session.workspace);
    return {
      ...session,
      sessionName: toSessionName(session.workspace),
      status: all.some(({ state }) => state === 'running') ? 'active' : 'asleep',
      activeRequests: memory.listActive(session.workspace).length,
      totalRequests: all.length,
      spent: NOTHING_SPENT,
      runningRequestId: all.find(({ state }) => state === 'running')?.id ?? null,
      age: Date.now() - session.createdAt,
      attach: null,
      attached: 0,
      permissionMode: null,
      process: null,
    };
  }

  const api: SessionsApi = {
    list: async () => {
      memory.throwIfAsked();
      return [...sessions.values()].map(toView);
    },
    read: async (workspace) => toView(memory.findSession(workspace)),
    create: async (workspace) => {
      memory.throwIfAsked();
      const created = memory.ensureSession(workspace);
      return { session: toView(memory.findSession(workspace)), created };
    },
    delete: async (workspace, force) => {
      memory.findSession(workspace);
      const active = memory.listActive(workspace);
      if (active.length > 0 && !force) {
        throw new GatewayError('session_busy', `Session has ${active.length} active requests`, {
          wayOut: 'Use ?force=true to terminate anyway',
        });
      }
      for (const { id } of active)
        memory.end(id, { state: 'failed', reason: 'session_deleted', error: 'the session was deleted' });
      sessions.delete(workspace);
    },
    screen: async (workspace) => {
      memory.findSession(workspace);
      const screen = screens.get(workspace);
      if (screen === undefined) throw new GatewayError('no_screen', `${workspace} is asleep`);
      return screen;
    },
  };
  return { api, setScreen: (workspace, screen) => screens.set(workspace, screen) };
}
