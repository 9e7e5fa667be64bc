import type { QuickRecord } from '../../model/quick/session.ts';
import { toShown, type QuickParts } from './parts.ts';
import { undo } from './remove.ts';
import { viewAll } from './view.ts';

const OLD_MS = 24 * 3_600_000;
const KEPT_PER_REPOSITORY = 10;

/** Goes on with what an earlier process, or a failure, left half done. Each is looked at anew, for a caller may be at it. */
export async function finish(quick: QuickParts): Promise<void> {
  const { store } = quick.parts;
  for (const { id } of await store.listQuick()) {
    await attempt(quick, id, () =>
      quick.gates.exclusive(id, async () => {
        const row = await store.readQuick(id);
        if (row === null || row.state === 'ready' || quick.starting.has(id)) return;
        await undo(quick, row, row.state === 'expired' ? 'commit' : 'discard');
      }),
    );
  }
}

/** Removes worktrees and branches that no session knows. */
export async function sweep({ parts: { store, log }, worktrees, stopped }: QuickParts): Promise<void> {
  const known = (await store.listQuick()).filter(({ worktree }) => worktree !== null);
  const swept = await worktrees.sweep(
    known.map(({ id, repo }) => ({ id, repo })),
    stopped,
  );
  const { removed, kept, failed } = swept;
  if (removed.length + kept.length > 0) log.info({ removed, kept }, 'quick.swept');
  if (failed.length > 0) log.warn({ failed }, 'quick.not_swept');
}

/** Ends sessions that are a day old, and those of a repository beyond the newest: one that works has until the next time. */
export async function expire(quick: QuickParts): Promise<void> {
  const { store, clock } = quick.parts;
  for (const row of await chooseOld(quick)) {
    await attempt(quick, row.id, () =>
      quick.gates.exclusive(row.id, async () => {
        if ((await store.countRequests(row.id)).active > 0) return;
        if (await store.expireQuick(row.id, clock.now())) await undo(quick, row, 'commit');
      }),
    );
  }
}

async function chooseOld({ parts }: QuickParts): Promise<readonly QuickRecord[]> {
  const shown = (await parts.store.listQuick()).flatMap((row) => toShown(row) ?? []);
  const views = await viewAll(parts, shown);
  const ranks = new Map<string, number>();
  const old = views.filter(({ repo, createdAt }) => {
    const rank = (ranks.get(repo) ?? 0) + 1;
    ranks.set(repo, rank);
    return rank > KEPT_PER_REPOSITORY || createdAt < parts.clock.now() - OLD_MS;
  });
  return old.flatMap(({ id }) => shown.find((row) => row.id === id) ?? []);
}

/** One that cannot be removed now stays as it is noted, and is tried again the next time. */
async function attempt({ parts, stopped }: QuickParts, id: string, work: () => Promise<void>): Promise<void> {
  if (stopped.aborted) return;
  await work().catch((error: unknown) => {
    if (!stopped.aborted) parts.log.warn({ workspace: id, error: String(error) }, 'quick.not_removed');
  });
}
