import { GatewayError } from '../../model/errors.ts';
import type { QuickRecord, QuickWorktree } from '../../model/quick/session.ts';
import type { RequestsApi } from '../../ports/gateway/requests.ts';
import type { UsageApi } from '../../ports/usage/usage.ts';
import type { Worktrees } from '../../ports/quick/worktrees.ts';
import type { FlowParts } from '../parts.ts';
import type { Readiness } from '../readiness.ts';
import type { Gates } from '../sessions/agents/gates.ts';
import type { DeleteDeps } from '../sessions/delete-session.ts';

/** What the verbs of quick tasks share. */
export interface QuickParts {
  readonly parts: FlowParts;
  readonly worktrees: Worktrees;
  readonly readiness: Pick<Readiness, 'refuseWhileDraining'>;
  readonly requests: Pick<RequestsApi, 'submit'>;
  readonly usage: Pick<UsageApi, 'refuseBeyondBudget'>;
  /** Ends the conversation of a session. */
  readonly sessions: DeleteDeps;
  /** No message comes into a session that ends. */
  readonly gates: Gates;
  /** Ids of those whose worktree this process is making. */
  readonly starting: Set<string>;
  /** Aborts when the gateway drains. */
  readonly stopped: AbortSignal;
}

export type ShownQuick = QuickRecord & { readonly worktree: QuickWorktree };

/** Null for one that nobody is to know of. */
export function toShown(record: QuickRecord | null): ShownQuick | null {
  if (record === null || record.worktree === null) return null;
  return record.state === 'ready' || record.state === 'expired' ? { ...record, worktree: record.worktree } : null;
}

/** @throws GatewayError `not_found` */
export async function requireQuick({ store }: Pick<FlowParts, 'store'>, id: string): Promise<ShownQuick> {
  const shown = toShown(await store.readQuick(id));
  if (shown === null) throw notFound(id);
  return shown;
}

export function notFound(id: string): GatewayError {
  return new GatewayError('not_found', `There is no quick session ${id}`);
}
