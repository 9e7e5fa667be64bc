import type { Who } from '../../model/audit/audit.ts';
import type { By } from '../audit/audit-store.ts';
import type { EventRecord } from '../../model/event.ts';
import type { QuickRecord, QuickWorktree } from '../../model/quick/session.ts';
import type { RequestRecord } from '../../model/request.ts';
import type { FetchOutcome } from './worktrees.ts';

/** A message of a session, without its texts. */
export type QuickTurn = Pick<RequestRecord, 'workspace' | 'state' | 'usage' | 'createdAt' | 'completedAt'>;

/** The sessions of quick tasks. */
export interface QuickStore {
  /** Adds one as `starting`: its id is the second of `now`, or the first one behind those that were ever given. */
  beginQuick(repo: string, now: number): Promise<QuickRecord>;
  /** starting → ready, with the session of its agent and `quick.started`. False when it is not starting. */
  readyQuick(
    id: string,
    made: QuickWorktree & { readonly fetch: FetchOutcome },
    now: number,
    who?: Who,
  ): Promise<boolean>;
  /** ready → expired, with `quick.expired`. False when it is not ready. */
  expireQuick(id: string, now: number): Promise<boolean>;
  /** ready or expired → removing. False when it is neither. */
  removeQuick(id: string, by?: By): Promise<boolean>;
  /** Forgets it, with `quick.deleted` unless it never was ready. Its requests stay readable. */
  forgetQuick(id: string, keptBranches: readonly string[], now: number): Promise<void>;
  readQuick(id: string): Promise<QuickRecord | null>;
  /** In the order in which they began. */
  listQuick(): Promise<readonly QuickRecord[]>;
  /** Of one session, or of all; in the order of arrival. */
  listQuickTurns(id: string | null): Promise<readonly QuickTurn[]>;
  /** The last requests of a session, and the last `tool.started` of it; both oldest first. */
  readQuickMessages(id: string, limit: number): Promise<QuickMessages>;
}

export interface QuickMessages {
  readonly requests: readonly RequestRecord[];
  readonly tools: readonly EventRecord[];
}
