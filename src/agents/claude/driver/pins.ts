import { AgentStartError } from '../../../core/ports/agent.ts';
import { TOKEN_VARIABLE } from '../hooks/settings.ts';
import type { OtherSettings } from '../process/other-settings.ts';
import { findLists, findSilencing } from '../process/silencing.ts';

/** Each with its reason in docs/claude-code-settings.md, which lists all keys. */
const PINS = {
  disableAllHooks: false,
  tui: 'default',
  viewMode: 'default',
  disableAgentView: true,
  promptSuggestionEnabled: false,
  responseComparisonEnabled: false,
  askUserQuestionTimeout: 'never',
  autoContinueAtUsageLimit: false,
  feedbackSurveyRate: 0,
  idleCompaction: false,
  remoteControlAtStartup: false,
  teammateMode: 'in-process',
} as const;

/** What a person's or a project's settings could take from the gateway, said again in its own settings, which stand above
 *  theirs. Lists of allowed things are merged by the CLI: where none is set all is allowed, and it stays so. */
export function toPins(others: readonly OtherSettings[], hookPort: number): object {
  const lists = new Set(findLists(others).map(({ key }) => key));
  return {
    ...PINS,
    ...(lists.has('allowedHttpHookUrls') && { allowedHttpHookUrls: [`http://127.0.0.1:${hookPort}/*`] }),
    ...(lists.has('httpHookAllowedEnvVars') && { httpHookAllowedEnvVars: [TOKEN_VARIABLE] }),
  };
}

/** An agent that cannot report is not started: its prompts could not be compared, nor kept from its model.
 *  @throws AgentStartError with the file and the key. */
export function refuseSilencing(others: readonly OtherSettings[]): void {
  const [found] = findSilencing(others);
  if (found === undefined) return;
  throw new AgentStartError('agent_unavailable', `${found.key} in ${found.file} ${found.words}`);
}
