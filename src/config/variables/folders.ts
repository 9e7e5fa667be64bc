import * as kinds from '../kinds.ts';
import { variable } from '../variable.ts';
import { PERMISSION_MODES } from './choices.ts';

/** Where things lie, and quick tasks. */
export const FOLDERS = {
  DATA_DIR: variable(kinds.path, './data', 'Folder of the database, the generated key and the lock.'),
  DATABASE_URL: variable(
    kinds.postgresUrl,
    null,
    'Postgres 14 or later that holds the database instead, as postgres://user:password@host/name; unset: SQLite in DATA_DIR.',
    { secret: true },
  ),
  DATABASE_POOL_MAX: variable(
    kinds.integer(2, 1_000),
    '10',
    'Connections to Postgres at most: one writes, the others read.',
  ),
  WORKSPACES_ROOT: variable(kinds.path, './workspaces', 'Folder that holds one folder for each workspace.'),
  REPOS_ROOT: variable(
    kinds.path,
    null,
    'Folder of the git repositories of quick tasks, as owner/name; unset, as WORKTREES_ROOT: there are no quick tasks.',
  ),
  WORKTREES_ROOT: variable(
    kinds.path,
    null,
    'Folder that holds one worktree for each session of a quick task; the gateway removes what is left over there.',
  ),
  QUICK_PERMISSION_MODE: variable(
    kinds.oneOf(PERMISSION_MODES),
    'acceptEdits',
    'Permission mode of claude-print where there are quick tasks, as CLAUDE_PERMISSION_MODE; bypassPermissions is refused for agents of root.',
  ),
  QUICK_MAX_COST_USD: variable(
    kinds.microUsd,
    null,
    'What a session of a quick task may cost, in US dollars such as 2.50: then its messages are answered 402; unset: no limit.',
  ),
  DAILY_MAX_COST_USD: variable(
    kinds.microUsd,
    null,
    'What all work of a day (UTC) may cost, in US dollars: then more is answered 402 until midnight, and what was accepted runs; unset: no limit.',
  ),
  GIT_REMOTE_TIMEOUT_MS: variable(
    kinds.integer(100, 3_600_000),
    '20000',
    'How long git may take to fetch from a remote or to push to it, in milliseconds.',
  ),
  GIT_TIMEOUT_MS: variable(
    kinds.integer(1_000, 3_600_000),
    '300000',
    'How long git may take for anything else, such as a checkout, in milliseconds.',
  ),
  TASKS_DIR: variable(
    kinds.path,
    null,
    'Folder of the file queue: what is dropped there is run; unset: there is none.',
  ),
  RESPONSES_DIR: variable(
    kinds.path,
    null,
    'Folder into which the answers of files, and of clients that went away, are written; unset: they are read by id only.',
  ),
  BOT_WORKSPACE: variable(
    kinds.workspace,
    'bot',
    'Workspace of POST /api/task and WS /ws, and of files that name none.',
  ),
} as const;
