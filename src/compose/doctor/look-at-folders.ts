import { access, constants, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Config } from '../../config/config.ts';
import { readApiKey } from '../../lib/secrets/api-key.ts';
import { fault, type Finding, type Look, well } from './finding.ts';

export const lookAtFolders: Look = async ({ config }) => {
  const faults = (await Promise.all(Object.entries(toFolders(config)).map(lookAtFolder))).flat();
  return faults.length > 0 ? faults : [well('folders', 'can be written')];
};

function toFolders({ dirs, quick, agent }: Config): Readonly<Record<string, string>> {
  return {
    DATA_DIR: dirs.data,
    WORKSPACES_ROOT: dirs.workspaces,
    AGENT_HOME: agent.home,
    ...(dirs.tasks !== null && { TASKS_DIR: dirs.tasks }),
    ...(dirs.responses !== null && { RESPONSES_DIR: dirs.responses }),
    ...(quick !== null && { REPOS_ROOT: quick.repos, WORKTREES_ROOT: quick.worktrees }),
  };
}

/** One that is missing is made at the start, where its parent can be written. */
async function lookAtFolder([name, folder]: readonly [string, string]): Promise<readonly Finding[]> {
  const there = await stat(folder).catch(() => null);
  if (there === null && folder !== path.dirname(folder)) {
    const above = await lookAtFolder([name, path.dirname(folder)]);
    return above.length > 0
      ? [
          fault(
            'folders',
            `${name}: ${folder} cannot be made`,
            `make it for this user, or set ${name} to another folder`,
          ),
        ]
      : [];
  }
  const writable = there?.isDirectory() === true && (await may(folder, constants.W_OK | constants.X_OK));
  return writable
    ? []
    : [
        fault(
          'folders',
          `${name}: ${folder} cannot be written`,
          `make it a folder of this user: chown, or set ${name} to another one`,
        ),
      ];
}

function may(file: string, mode: number): Promise<boolean> {
  return access(file, mode).then(
    () => true,
    () => false,
  );
}

/** What holds keys is for its owner alone. */
export const lookAtSecrets: Look = async ({ config }) => {
  const { data } = config.dirs;
  const open = await Promise.all(
    [data, ...['api-key', 'webhook-secret', 'gatehouse.db'].map((name) => path.join(data, name))].map(async (file) => {
      const mode = await stat(file).then(
        (found) => found.mode,
        () => 0,
      );
      return (mode & 0o077) === 0 ? [] : [fault('secrets', `others may read ${file}`, `chmod go= ${file}`)];
    }),
  );
  const faults = open.flat();
  return faults.length > 0 ? faults : [well('secrets', 'are for their owner alone')];
};

export const lookAtKey: Look = async ({ config, isRunning }) => {
  const { http, dirs } = config;
  if (!http.auth)
    return [fault('key', 'is not asked for: HTTP_API_AUTH_ENABLED is false', 'set HTTP_API_AUTH_ENABLED=true')];
  if (http.apiKey !== null) return [well('key', 'is set by HTTP_API_KEY')];
  try {
    const key = await readApiKey(dirs.data);
    if (key !== null || !isRunning)
      return [well('key', key === null ? 'is made at the first start' : 'is kept in DATA_DIR')];
    return [fault('key', `is missing in ${dirs.data}`, 'start the gateway again, which makes one')];
  } catch {
    const file = path.join(dirs.data, 'api-key');
    return [fault('key', `${file} holds no key`, `remove ${file} and start the gateway again, which makes one`)];
  }
};
