import { lstat, mkdir, mkdtemp, realpath, rmdir } from 'node:fs/promises';
import path from 'node:path';
import { GatewayError } from '../core/model/errors.ts';
import { isQuickId } from '../core/model/quick/session.ts';
import type { Workspaces } from '../core/ports/workspaces.ts';

/** Folders below one root, named like their workspace. Those of quick tasks are worktrees, below a root of their own:
 *  they are made and removed by git alone. */
export function createWorkspaces(root: string, worktrees: string | null = null): Workspaces {
  /** Looked up each time: an operator may repair or mount it while the gateway runs. */
  async function openRoot(workspace: string): Promise<string> {
    try {
      await mkdir(root, { recursive: true });
      return await realpath(root);
    } catch (cause) {
      throw refuse(workspace, 'cannot be created: WORKSPACES_ROOT is no folder, or not writable', cause);
    }
  }

  const rootOf = (workspace: string): string => (isQuickId(workspace) ? (worktrees ?? root) : root);

  return {
    async ensure(workspace) {
      if (worktrees !== null && isQuickId(workspace)) return findWorktree(worktrees, workspace);
      const folder = path.join(await openRoot(workspace), workspace);
      if (await isOwnFolder(workspace, folder)) return folder;
      await mkdir(folder).catch((cause: NodeJS.ErrnoException) => {
        if (cause.code !== 'EEXIST') throw refuse(workspace, 'cannot be created', cause);
      });
      // Somebody may have been faster, with a link, too.
      if (await isOwnFolder(workspace, folder)) return folder;
      throw refuse(workspace, 'cannot be created: it was taken away again');
    },

    async locate(workspace) {
      const above = rootOf(workspace);
      return path.join(await realpath(above).catch(() => above), workspace);
    },

    async check() {
      await mkdir(root, { recursive: true });
      // No name of its own: others may look at the same time.
      await rmdir(await mkdtemp(path.join(root, '.gatehouse-health-')));
    },
  };
}

/** False: there is nothing. */
async function isOwnFolder(workspace: string, folder: string): Promise<boolean> {
  const there = await lstat(folder).catch(() => null);
  if (there !== null && !there.isDirectory()) throw refuse(workspace, 'is not a folder of its own (a link or a file)');
  return there !== null;
}

async function findWorktree(root: string, id: string): Promise<string> {
  const folder = path.join(await realpath(root).catch(() => root), id);
  if ((await lstat(folder).catch(() => null))?.isDirectory()) return folder;
  throw new GatewayError('not_found', `There is no quick session ${id}`);
}

function refuse(workspace: string, why: string, cause?: unknown): GatewayError {
  return new GatewayError('invalid_field', `The folder of the workspace ${workspace} ${why}`, {
    field: 'workspace',
    cause,
  });
}
