import { hasEnded } from '../../model/request.ts';
import type { QuickTurn } from '../../ports/quick/quick-store.ts';
import type { QuickSession, QuickStatus } from '../../ports/quick/quick.ts';
import type { FlowParts } from '../parts.ts';
import type { ShownQuick } from './parts.ts';

type Sources = Pick<FlowParts, 'store'>;

export async function viewOne({ store }: Sources, shown: ShownQuick): Promise<QuickSession> {
  return toView({ store }, shown, await store.listQuickTurns(shown.id));
}

/** The one that was used last comes first. */
export async function viewAll({ store }: Sources, shown: readonly ShownQuick[]): Promise<readonly QuickSession[]> {
  const turns = Map.groupBy(await store.listQuickTurns(null), ({ workspace }) => workspace);
  const views = await Promise.all(shown.map((one) => toView({ store }, one, turns.get(one.id) ?? [])));
  return views.toReversed().toSorted((a, b) => b.lastActivityAt - a.lastActivityAt);
}

async function toView({ store }: Sources, shown: ShownQuick, turns: readonly QuickTurn[]): Promise<QuickSession> {
  const { id, repo, worktree, createdAt } = shown;
  const session = await store.readSession(id);
  return {
    id,
    repo,
    status: shown.state === 'expired' ? 'expired' : toStatus(turns),
    worktreePath: worktree.path,
    agentSessionId: session?.agentSessionId ?? null,
    createdAt,
    lastActivityAt: turns.reduce((last, turn) => Math.max(last, turn.createdAt, turn.completedAt ?? 0), createdAt),
    messageCount: turns.length,
    costMicroUsd: turns.reduce((sum, { usage }) => sum + (usage?.costMicroUsd ?? 0), 0),
  };
}

function toStatus(turns: readonly QuickTurn[]): QuickStatus {
  if (turns.some(({ state }) => !hasEnded(state))) return 'running';
  const last = turns.toSorted((a, b) => (a.completedAt ?? 0) - (b.completedAt ?? 0)).at(-1)?.state;
  return last === 'failed' || last === 'timed_out' ? 'failed' : 'idle';
}
