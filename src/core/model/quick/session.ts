import type { AgentName } from '../agent.ts';

/** Who works in such a session. */
export const QUICK_AGENT = 'claude-print' satisfies AgentName;

/** Where a session of quick tasks stands:
 *  `starting`: its worktree is being made, and nobody has been told of it.
 *  `ready`: it takes messages.
 *  `expired`: it was there too long, or too many are newer; it is shown until it is gone.
 *  `removing`: somebody asked for its end; it is shown no longer. */
export type QuickState = 'starting' | 'ready' | 'expired' | 'removing';

/** A chat with an agent in a worktree of its own. Its messages are the requests of the workspace that bears its id. */
export interface QuickRecord {
  /** `quick-<unix seconds>`, never used again. */
  readonly id: string;
  /** `owner/name`. */
  readonly repo: string;
  readonly state: QuickState;
  /** Null while it is `starting`. */
  readonly worktree: QuickWorktree | null;
  /** Epoch milliseconds, like all instants. */
  readonly createdAt: number;
}

export interface QuickWorktree {
  readonly path: string;
  readonly branch: string;
  /** The commit that it begins at. */
  readonly base: string;
}

const ID = /^quick-\d{1,15}$/;

/** Such a workspace lies in a worktree. */
export function isQuickId(name: string): boolean {
  return ID.test(name);
}
