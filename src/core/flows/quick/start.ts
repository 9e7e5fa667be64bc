import type { Who } from '../../model/audit/audit.ts';
import { GatewayError } from '../../model/errors.ts';
import type { QuickRecord } from '../../model/quick/session.ts';
import type { QuickApi } from '../../ports/quick/quick.ts';
import type { AddedWorktree } from '../../ports/quick/worktrees.ts';
import { requireQuick, type QuickParts } from './parts.ts';
import { viewOne } from './view.ts';

/** Another gateway on the same repositories may have taken an id. */
const TRIES = 5;

/** The row comes first, for it gives the id. What a crash leaves of a row that is not ready was shown to nobody, and is
 *  removed at the next start. */
export async function startQuick(quick: QuickParts, repo: string, who?: Who): ReturnType<QuickApi['start']> {
  const { parts, worktrees, readiness, usage } = quick;
  readiness.refuseWhileDraining();
  await usage.refuseBeyondBudget();
  const found = await worktrees.find(repo);
  const { id, fetch } = await make(quick, { repo: found.repo, who }, TRIES);
  parts.log.info({ workspace: id, repo: found.repo, fetch }, 'quick.started');
  return { session: await viewOne(parts, await requireQuick(parts, id)), fetch };
}

interface Made extends AddedWorktree {
  readonly id: string;
}

interface Wish {
  readonly repo: string;
  readonly who: Who | undefined;
}

async function make(quick: QuickParts, wish: Wish, tries: number): Promise<Made> {
  const { parts, readiness, starting } = quick;
  const row = await parts.store.beginQuick(wish.repo, parts.clock.now());
  starting.add(row.id);
  try {
    return { id: row.id, ...(await makeReady(quick, row, wish.who)) };
  } catch (error) {
    // Also where the store refuses: the row is found at the next start.
    await parts.store.forgetQuick(row.id, [], parts.clock.now()).catch((cause: unknown) => {
      parts.log.warn({ workspace: row.id, error: String(cause) }, 'quick.not_forgotten');
    });
    readiness.refuseWhileDraining();
    if (tries > 1 && error instanceof GatewayError && error.code === 'worktree_exists')
      return await make(quick, wish, tries - 1);
    throw error;
  } finally {
    starting.delete(row.id);
  }
}

async function makeReady(
  { parts, worktrees, stopped }: QuickParts,
  { repo, id }: QuickRecord,
  who: Who | undefined,
): Promise<AddedWorktree> {
  const made = await worktrees.add({ repo, id }, stopped);
  try {
    if (await parts.store.readyQuick(id, made, parts.clock.now(), who)) return made;
    throw new GatewayError('internal', `The session ${id} was taken back while its worktree was made`);
  } catch (error) {
    await worktrees.remove({ repo, id }).catch((cause: unknown) => {
      parts.log.warn({ workspace: id, error: String(cause) }, 'quick.not_removed');
    });
    throw error;
  }
}
