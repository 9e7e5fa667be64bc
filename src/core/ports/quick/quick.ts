import type { Who } from '../../model/audit/audit.ts';
import type { Identity } from '../../model/request.ts';
import type { FetchOutcome, PublishedBranch, WorktreeCommit, WorktreeDiff } from './worktrees.ts';

/** `running`: a message waits or is worked on. `failed`: the last one did not complete; another may. */
export const QUICK_STATUSES = ['idle', 'running', 'failed', 'expired'] as const;
export type QuickStatus = (typeof QUICK_STATUSES)[number];

/** A chat with an agent in a worktree of its own. */
export interface QuickSession {
  readonly id: string;
  /** `owner/name`. */
  readonly repo: string;
  readonly status: QuickStatus;
  readonly worktreePath: string;
  /** The agent's own id of the conversation; null before the first message. */
  readonly agentSessionId: string | null;
  readonly createdAt: number;
  /** When a message came or ended last. */
  readonly lastActivityAt: number;
  /** Of people. */
  readonly messageCount: number;
  /** Millionths of a US dollar, of all messages whose cost is known. */
  readonly costMicroUsd: number;
}

export interface QuickMessage {
  readonly id: string;
  readonly sessionId: string;
  readonly role: 'user' | 'assistant' | 'tool' | 'system';
  readonly content: string;
  readonly at: number;
  /** Of an answer; null when it is not known. */
  readonly costMicroUsd: number | null;
  readonly toolName: string | null;
  /** One line about the input. */
  readonly toolInput: string | null;
}

/** Quick tasks. All throw `quick_off` where they are not configured, and `not_found` for a session that is not there. */
export interface QuickApi {
  /** Makes worktree, branch and session, or nothing. Throws `draining`, `budget_spent`, and what Worktrees.add throws. */
  start(repo: string, who?: Who): Promise<{ readonly session: QuickSession; readonly fetch: FetchOutcome }>;
  /** Sends a message, which waits behind earlier ones; its id is that of the request. Throws what RequestsApi.submit
   *  throws, and `session_busy` for an expired session. */
  send(id: string, content: string, identity: Identity, traceparent?: string): Promise<QuickMessage>;
  /** The one that was used last comes first. */
  list(): Promise<readonly QuickSession[]>;
  read(id: string): Promise<QuickSession>;
  /** The last ones, oldest first. */
  readMessages(id: string): Promise<readonly QuickMessage[]>;
  /** Ends what runs, removes worktree and branch, and discards what is not committed. */
  delete(id: string, who?: Who): Promise<{ readonly keptBranches: readonly string[] }>;
  diff(id: string, signal: AbortSignal): Promise<WorktreeDiff>;
  /** Commits what is there and pushes the branch. Throws `session_busy` while a message runs, and what
   *  Worktrees.publish throws. */
  publish(
    id: string,
    words: { readonly title?: string; readonly body?: string },
    signal: AbortSignal,
    who?: Who,
  ): Promise<PublishedBranch & Pick<WorktreeCommit, 'skipped'>>;
}
