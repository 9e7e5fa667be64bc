import { GatewayError } from './errors.ts';

/** A workspace is a named directory in which an agent works. The name is also part of tmux session names, paths and URLs. */
export const WORKSPACE_PATTERN = '^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$';

/** The same for people. */
export const WORKSPACE_RULE = 'a workspace is 1 to 63 letters, digits, _ and -, and begins with a letter or digit';

const workspaceName = new RegExp(WORKSPACE_PATTERN);

export function isWorkspaceName(name: string): boolean {
  return workspaceName.test(name);
}

/** @throws GatewayError `invalid_field` */
export function checkWorkspaceName(workspace: string, field = 'workspace'): void {
  if (isWorkspaceName(workspace)) return;
  throw new GatewayError('invalid_field', `${field}: ${WORKSPACE_RULE}`, { field });
}

const PREFIX = 'claude-';

/** The tmux session of a workspace, also shown in the API (seed 003). */
export function toSessionName(workspace: string): string {
  return `${PREFIX}${workspace}`;
}

/** The workspace of a tmux session; null when the name is none of ours. */
export function toWorkspace(sessionName: string): string | null {
  const workspace = sessionName.startsWith(PREFIX) ? sessionName.slice(PREFIX.length) : '';
  return isWorkspaceName(workspace) ? workspace : null;
}
