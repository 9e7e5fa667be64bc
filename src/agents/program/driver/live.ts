import type { AgentSession } from '../../../core/ports/agent.ts';

/** What each driver knows of its sessions beyond the port. */
export interface ProgramSession extends AgentSession {
  /** The permission mode that it is in, as far as it can be told. */
  readPermissionMode(): string | null | Promise<string | null>;
  /** True from the moment at which it begins to close. */
  isClosing(): boolean;
  /** Stops watching without ending the agent, which goes on in tmux. */
  letGo(): void;
}

/** The sessions that this process watches, one for each workspace. */
export interface Live<S extends ProgramSession> {
  get(workspace: string): S | null;
  put(workspace: string, session: S): void;
  /** Of this session; another one of its workspace stays. */
  drop(workspace: string, session: S): void;
  /** Lets go of all without ending them. */
  letGo(): void;
}

export function createLive<S extends ProgramSession>(): Live<S> {
  const sessions = new Map<string, S>();
  return {
    get: (workspace) => sessions.get(workspace) ?? null,
    put: (workspace, session) => void sessions.set(workspace, session),
    drop(workspace, session) {
      if (sessions.get(workspace) === session) sessions.delete(workspace);
    },
    letGo() {
      for (const session of sessions.values()) session.letGo();
      sessions.clear();
    },
  };
}
