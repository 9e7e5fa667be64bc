import { lstat, mkdir, realpath } from 'node:fs/promises';
import path from 'node:path';
import { GatewayError } from '../core/model/errors.ts';
import type { Workspaces } from '../core/ports/workspaces.ts';

/** Folders below one root, named like their workspace. */
export function createWorkspaces(root: string): Workspaces {
  /** The root as it is on disk, once it is there. */
  let found: Promise<string> | null = null;

  async function openRoot(): Promise<string> {
    await mkdir(root, { recursive: true });
    return realpath(root);
  }

  return {
    async ensure(workspace) {
      found ??= openRoot();
      const folder = path.join(await found, workspace);
      const there = await lstat(folder).catch(() => null);
      if (there?.isDirectory()) return folder;
      if (there !== null) throw refuse(workspace, 'is not a folder of its own (a link or a file)');
      await mkdir(folder, { recursive: true }).catch((cause: unknown) => {
        found = null;
        throw refuse(workspace, 'cannot be created', cause);
      });
      return folder;
    },
  };
}

function refuse(workspace: string, why: string, cause?: unknown): GatewayError {
  return new GatewayError('invalid_field', `The folder of the workspace ${workspace} ${why}`, {
    field: 'workspace',
    cause,
  });
}
