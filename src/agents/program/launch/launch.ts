import type { SessionSpec } from '../../../core/ports/agent.ts';
import { turnsOffMentions } from '../versions/versions.ts';
import { modeIn } from '../settings/session-settings.ts';

/** What an agent is started with. */
export interface LaunchOptions {
  /** The program; null when it is not installed. */
  readonly bin: string | null;
  /** The agent's HOME. */
  readonly home: string;
  readonly model: string | null;
  readonly permissionMode: string;
  readonly extraArgs: readonly string[];
  readonly credentials: {
    readonly apiKey: string | null;
    readonly oauthToken: string | null;
    readonly baseUrl: string | null;
  };
}

/** The command line of an agent for this session. */
export function toArgv(
  options: LaunchOptions,
  settings: string,
  { agentSessionId, rules = [] }: SessionSpec,
  resume: boolean,
): readonly string[] {
  return [
    options.bin ?? 'claude',
    resume ? '--resume' : '--session-id',
    agentSessionId ?? '',
    '--settings',
    settings,
    '--permission-mode',
    modeIn(rules) ?? options.permissionMode,
    ...(options.model === null ? [] : ['--model', options.model]),
    ...options.extraArgs,
  ];
}

/** Its credentials and variables, and nothing else of the gateway's. */
export function toAgentEnvironment(options: LaunchOptions, version: string | null): Readonly<Record<string, string>> {
  const { apiKey, oauthToken, baseUrl } = options.credentials;
  return {
    HOME: options.home,
    ...(apiKey !== null && { ANTHROPIC_API_KEY: apiKey }),
    ...(oauthToken !== null && { CLAUDE_CODE_OAUTH_TOKEN: oauthToken }),
    ...(baseUrl !== null && { ANTHROPIC_BASE_URL: baseUrl }),
    ...toAgentVariables(version),
  };
}

/** What this driver needs of an agent of this version. They stand in its settings, too: there an `env` of the home's or
 *  the project's own settings does not undo them. */
export function toAgentVariables(version: string | null): Readonly<Record<string, string>> {
  return {
    DISABLE_AUTOUPDATER: '1',
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    // `@path` in a prompt would attach the file with no permission asked. An older version can only be kept from all
    // that it tells its model beside the prompt: skills, a folder's own CLAUDE.md, the output style, plan mode.
    ...(turnsOffMentions(version)
      ? { CLAUDE_CODE_DISABLE_FILE_MENTIONS: '1' }
      : { CLAUDE_CODE_DISABLE_ATTACHMENTS: '1' }),
    CLAUDE_CODE_RESUME_INTERRUPTED_TURN: '0',
    // It would ask whether to resume an old and long conversation whole.
    CLAUDE_CODE_RESUME_THRESHOLD_MINUTES: NEVER,
    CLAUDE_CODE_RESUME_TOKEN_THRESHOLD: NEVER,
    // The whole screen would be redrawn in a buffer of its own, without what scrolled out of sight.
    CLAUDE_CODE_DISABLE_ALTERNATE_SCREEN: '1',
    // A key on an empty composer would move the turn out of tmux, into a process of its own.
    CLAUDE_CODE_DISABLE_AGENT_VIEW: '1',
  };
}

/** Minutes, or tokens, that no conversation reaches. */
const NEVER = '1000000000';
