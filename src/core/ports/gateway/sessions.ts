import type { Who } from '../../model/audit/audit.ts';
import type { AgentName } from '../../model/agent.ts';
import type { SessionRecord, SessionStatus } from '../../model/session.ts';
import type { ProcessDetails } from '../agent.ts';
import type { Spent } from '../usage/usage-store.ts';

/** The conversations of the workspaces with their agents. */
export interface SessionsApi {
  list(): Promise<readonly SessionView[]>;
  /** Throws `not_found`. */
  read(workspace: string): Promise<SessionView>;
  /** Creates the session when it is new and starts its agent in the background. Throws `agent_mismatch`, `invalid_field`, `draining`. */
  create(
    workspace: string,
    agent: AgentName | undefined,
    who?: Who,
  ): Promise<{ readonly session: SessionView; readonly created: boolean }>;
  /** Throws `not_found`, and `session_busy` while requests are active unless forced (they then fail with `session_deleted`). */
  delete(workspace: string, force: boolean, who?: Who): Promise<void>;
  /** The pane as text. Throws `not_found` for an unknown workspace, `no_screen` while the session is asleep. */
  screen(workspace: string): Promise<string>;
}

/** A session as the API shows it. */
export interface SessionView extends SessionRecord {
  readonly sessionName: string;
  readonly status: SessionStatus;
  readonly activeRequests: number;
  readonly totalRequests: number;
  /** What its turns took. */
  readonly spent: Spent;
  /** The request whose turn runs. */
  readonly runningRequestId: string | null;
  /** Milliseconds since `createdAt`. */
  readonly age: number;
  /** The line to type for attaching to it; null while it is asleep. */
  readonly attach: string | null;
  /** People who are attached. */
  readonly attached: number;
  /** The permission mode that the agent is in now; null while it is asleep, and when it is not known. */
  readonly permissionMode: string | null;
  /** Null while it is asleep. */
  readonly process: ProcessDetails | null;
}
