import { AgentStartError } from '../../../core/ports/agent.ts';
import { TOKEN_VARIABLE } from '../../program/settings/session-settings.ts';
import { PINS } from '../../program/settings/pins.ts';
import type { OtherSettings } from '../../program/files/other-settings.ts';
import { findLists, findSilencing } from '../../program/files/silencing.ts';

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
