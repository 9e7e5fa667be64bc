import { toSessionName } from '../../../core/model/workspace.ts';
import type { SessionListener, SessionSpec } from '../../../core/ports/agent.ts';
import { createLive, type Live } from '../../program/driver/live.ts';
import type { ProgramOptions } from '../../program/driver/options.ts';
import type { LaunchRecord, LaunchRecords } from '../../program/launch/launch-record.ts';
import { keepRecord } from '../../program/launch/memory.ts';
import { modeIn } from '../../program/settings/session-settings.ts';
import { createPrintSession, type PrintSession } from '../session/session.ts';

/** The sessions that this process listens to, one for each workspace. */
export interface LiveSessions extends Live<PrintSession> {
  add(spec: SessionSpec, launched: LaunchRecord, listener: SessionListener): PrintSession;
}

export function createLiveSessions(options: ProgramOptions, launches: LaunchRecords): LiveSessions {
  const live = createLive<PrintSession>();
  return {
    ...live,
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
        onClosed: () => live.drop(workspace, session),
      });
      live.put(workspace, session);
      return session;
    },
  };
}
