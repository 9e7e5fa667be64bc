import type { Who } from '../../model/audit/audit.ts';
import { GatewayError } from '../../model/errors.ts';
import { QUICK_AGENT, type QuickRecord } from '../../model/quick/session.ts';
import type { WorktreeName } from '../../ports/quick/worktrees.ts';
import { endSession } from '../sessions/delete-session.ts';
import { notFound, type QuickParts } from './parts.ts';

/** The wish is on disk before anything is undone, so that the next start goes on with it. */
export function deleteQuick(
  quick: QuickParts,
  id: string,
  who?: Who,
): Promise<{ readonly keptBranches: readonly string[] }> {
  const { parts, gates, readiness } = quick;
  return gates.exclusive(id, async () => {
    readiness.refuseWhileDraining();
    const row = await parts.store.readQuick(id);
    if (row === null || row.state === 'starting') throw notFound(id);
    await parts.store.removeQuick(id, who === undefined ? undefined : { who, at: parts.clock.now() });
    try {
      return { keptBranches: await undo(quick, row, 'discard') };
    } catch (error) {
      // A stop cuts it off: that is what the caller is told, and the wish is kept.
      readiness.refuseWhileDraining();
      throw error;
    }
  });
}

/** Ends the agent, removes the worktree, and then forgets the session: each may be done already. What is not committed is
 *  discarded, or committed first. Returns the branches that are kept. */
export async function undo(
  { parts, worktrees, sessions, stopped }: QuickParts,
  { id, repo }: QuickRecord,
  uncommitted: 'discard' | 'commit',
): Promise<readonly string[]> {
  let kept: readonly string[] = [];
  await endSession(sessions, { workspace: id, agent: QUICK_AGENT }, async () => {
    if (uncommitted === 'commit') await commitRest({ worktrees, stopped }, { id, repo });
    kept = (await worktrees.remove({ repo, id }, stopped)).keptBranches;
    await parts.store.forgetQuick(id, kept, parts.clock.now());
  });
  parts.log.info({ workspace: id, repo, keptBranches: kept }, 'quick.deleted');
  return kept;
}

const REST = 'Uncommitted work of a quick task';

/** Whose worktree is gone has no rest. */
async function commitRest(
  { worktrees, stopped }: Pick<QuickParts, 'worktrees' | 'stopped'>,
  name: WorktreeName,
): Promise<void> {
  await worktrees.commit(name, REST, stopped).catch((error: unknown) => {
    if (!(error instanceof GatewayError && error.code === 'not_found')) throw error;
  });
}
