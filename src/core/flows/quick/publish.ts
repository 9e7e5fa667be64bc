import type { Who } from '../../model/audit/audit.ts';
import { GatewayError } from '../../model/errors.ts';
import type { QuickApi } from '../../ports/quick/quick.ts';
import type { WorktreeDiff } from '../../ports/quick/worktrees.ts';
import { requireQuick, type QuickParts } from './parts.ts';

const DIFF_MAX_BYTES = 1024 * 1024;

export async function diffQuick(
  { parts, worktrees }: QuickParts,
  id: string,
  signal: AbortSignal,
): Promise<WorktreeDiff> {
  const { repo, worktree } = await requireQuick(parts, id);
  return worktrees.diff({ repo, id, base: worktree.base }, DIFF_MAX_BYTES, signal);
}

/** Half of a change is not to be pushed: not while the agent is at it. */
export function publishQuick(
  { parts, worktrees, gates, readiness }: QuickParts,
  id: string,
  { title, body = '' }: Parameters<QuickApi['publish']>[1],
  signal: AbortSignal,
  who?: Who,
): ReturnType<QuickApi['publish']> {
  return gates.exclusive(id, async () => {
    readiness.refuseWhileDraining();
    const { repo } = await requireQuick(parts, id);
    if ((await parts.store.countRequests(id)).active > 0)
      throw new GatewayError('session_busy', `The agent of ${id} works`, {
        retry: 'later',
        wayOut: 'Publish when it is done',
      });
    if (who !== undefined) {
      const at = parts.clock.now();
      await parts.store.noteAudit({
        at,
        who,
        action: 'session.published',
        workspace: id,
        subject: null,
        detail: { repo },
      });
    }
    const words = { title: title ?? `Quick task ${id}`, body };
    const { skipped } = await worktrees.commit({ repo, id }, words.title, signal);
    return { ...(await worktrees.publish({ repo, id }, words, signal)), skipped };
  });
}
