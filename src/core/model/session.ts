import type { AgentName } from './agent.ts';

/** What the API shows. `active`: a turn runs. `asleep`: known, without a live agent; work resumes it. */
export const SESSION_STATUSES = ['starting', 'active', 'idle', 'asleep'] as const;
export type SessionStatus = (typeof SESSION_STATUSES)[number];

/** The one conversation that a workspace has with its agent, as stored. */
export interface SessionRecord {
  readonly workspace: string;
  readonly agent: AgentName;
  /** The agent's own id of the conversation, by which it is resumed; null before the first start. */
  readonly agentSessionId: string | null;
  readonly createdAt: number;
  readonly lastActivityAt: number;
}
