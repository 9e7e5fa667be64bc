import { lstat, mkdir, realpath } from 'node:fs/promises';
import path from 'node:path';
import { GatewayError } from '../core/model/errors.ts';
import type { Workspaces } from '../core/ports/workspaces.ts';

/** Folders below one root, named like their workspace. */
export function createWorkspaces(root: string): Workspaces {
  return {
    async ensure(workspace) {
      await mkdir(root, { recursive: true });
      const folder = path.join(await realpath(root), workspace);
      await mkdir(folder, { recursive: true }).catch((cause: unknown) => {
        throw refuse(workspace, 'cannot be created', cause);
      });
      const found = await lstat(folder);
      if (!found.isDirectory()) throw refuse(workspace, 'is not a folder of its own (a link or a file)');
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
