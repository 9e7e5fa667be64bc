import { toSessionName } from '../../../core/model/workspace.ts';
import type { SessionListener, SessionSpec } from '../../../core/ports/agent.ts';
import { createLive, type Live } from '../../program/driver/live.ts';
import type { ProcessMark } from '../../processes/process-mark.ts';
import { modeIn } from '../../program/settings/session-settings.ts';
import type { LostConversation } from '../../program/launch/launch-record.ts';
import type { ClaudeLaunch, ClaudeLaunches } from './claude-launch.ts';
import type { SessionOrigin } from '../session/reports.ts';
import { createClaudeSession, type ClaudeSession } from '../session/session.ts';
import { keepRecord } from '../../program/launch/memory.ts';
import type { Conversation } from '../transcript/conversation.ts';
import type { ClaudeOptions } from './options.ts';

export interface NewSession {
  /** Of its agent hooks. */
  readonly token: string;
  readonly conversation: Conversation;
  /** Of its program; null when it is not known. */
  readonly version: string | null;
  /** Its program; null when it ended just now. */
  readonly agent: ProcessMark | null;
  readonly origin: SessionOrigin;
  /** The lists of allowed things beside which the gateway's own entries stand; null when nobody knows. */
  readonly lists: readonly string[] | null;
  readonly said: boolean;
  readonly lost: LostConversation | null;
  readonly listener: SessionListener;
}

/** The sessions that this process watches, one for each workspace. Each hears its agent hooks until it is closed. */
export interface LiveSessions extends Live<ClaudeSession> {
  add(spec: SessionSpec, fresh: NewSession): ClaudeSession;
}

type LiveOptions = Pick<ClaudeOptions, 'tmux' | 'files' | 'hooks' | 'sendSignal' | 'log' | 'permissionMode' | 'prices'>;

export function createLiveSessions(options: LiveOptions, launches: ClaudeLaunches): LiveSessions {
  const { hooks } = options;
  const live = createLive<ClaudeSession>();
  return {
    ...live,
    add({ workspace, cwd, rules = [] }, { token, version, said, lost, ...fresh }) {
      const { agent, conversation, lists } = fresh;
      const launched = { token, hookPort: hooks.port, version, agent, lists, said, lost, ...conversation };
      const kept = keepRecord<ClaudeLaunch>(launched, (record) => launches.write(workspace, record));
      const session = createClaudeSession({
        ...options,
        ...fresh,
        workspace,
        name: toSessionName(workspace),
        cwd,
        permissionMode: modeIn(rules) ?? options.permissionMode,
        memory: kept.memory,
        onMoved: (moved) => kept.moved(moved),
        onClosed: () => {
          unregister();
          live.drop(workspace, session);
        },
      });
      const unregister = hooks.register(token, (payload, gone) => session.tell(payload, gone));
      live.put(workspace, session);
      return session;
    },
  };
}
