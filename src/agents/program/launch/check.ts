import { access, constants } from 'node:fs/promises';
import path from 'node:path';
import type { AgentReadiness } from '../../../core/ports/agent.ts';
import { toWarning } from '../versions/versions.ts';
import type { AgentFiles } from '../files/agent-files.ts';
import type { LaunchOptions } from './launch.ts';

export interface CheckOptions extends Pick<LaunchOptions, 'bin' | 'credentials' | 'home'> {
  readonly files: Pick<AgentFiles, 'sizeOf' | 'version'>;
}

/** Whether the agent can be started at all. */
export async function check({ bin, credentials: given, files, home }: CheckOptions): Promise<AgentReadiness> {
  const installed = bin !== null && (await isExecutable(bin));
  const credentials =
    given.apiKey !== null ||
    given.oauthToken !== null ||
    (await files.sizeOf(path.join(home, '.claude', '.credentials.json'))) !== null;
  const version = installed ? await files.version(bin) : null;
  const warning = installed ? toWarning(version) : null;
  return { installed, credentials, hint: toHint(installed, credentials, bin), version, warning };
}

function toHint(installed: boolean, credentials: boolean, bin: string | null): string | null {
  if (!installed)
    return `Claude Code is not installed${bin === null ? '' : ` at ${bin}`}: run npm ci, or set CLAUDE_BIN to its program.`;
  if (!credentials)
    return 'No Claude credentials: set ANTHROPIC_API_KEY or CLAUDE_CODE_OAUTH_TOKEN, or point AGENT_HOME at a home with a login.';
  return null;
}

function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}
