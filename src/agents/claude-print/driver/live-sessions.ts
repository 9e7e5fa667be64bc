import { toSessionName } from '../../../core/model/workspace.ts';
import type { SessionListener, SessionSpec } from '../../../core/ports/agent.ts';
import type { LaunchRecord, LaunchRecords } from '../../program/launch/launch-record.ts';
import { keepRecord } from '../../program/launch/memory.ts';
import { modeIn } from '../../program/settings/session-settings.ts';
import { createPrintSession, type PrintSession } from '../session/session.ts';
import type { PrintOptions } from './options.ts';

/** The sessions that this process listens to, one for each workspace. */
export interface LiveSessions {
  get(workspace: string): PrintSession | null;
  add(spec: SessionSpec, launched: LaunchRecord, listener: SessionListener): PrintSession;
  /** Lets go of all without ending them. */
  letGo(): void;
}

export function createLiveSessions(options: PrintOptions, launches: LaunchRecords): LiveSessions {
  const live = new Map<string, PrintSession>();
  return {
    get: (workspace) => live.get(workspace) ?? null,
    add({ workspace, rules = [] }, launched, listener) {
      const kept = keepRecord(launched, (record) => launches.write(workspace, record));
      const session = createPrintSession({
        ...options,
        ...launched,
        workspace,
        name: toSessionName(workspace),
        permissionMode: modeIn(rules) ?? options.permissionMode,
        memory: kept.memory,
        listener,
        onMoved: (agentSessionId) => kept.moved({ agentSessionId }),
        onClosed() {
          if (live.get(workspace) === session) live.delete(workspace);
        },
      });
      live.set(workspace, session);
      return session;
    },
    letGo() {
      for (const session of live.values()) session.letGo();
      live.clear();
    },
  };
}
