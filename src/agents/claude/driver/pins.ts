import { AgentStartError } from '../../../core/ports/agent.ts';
import { TOKEN_VARIABLE } from '../../program/settings/session-settings.ts';
import { PINS } from '../../program/settings/pins.ts';
import type { OtherSettings } from '../../program/files/other-settings.ts';

/** What a person's or a project's settings could take from the gateway, said again in its own settings, which stand above
 *  theirs. Lists of allowed things are merged by the CLI: where none is set all is allowed, and it stays so. */
export function toPins(others: readonly OtherSettings[], hookPort: number): object {
  const has = (key: string): boolean => others.some(({ settings }) => settings[key] !== undefined);
  return {
    ...PINS,
    ...(has('allowedHttpHookUrls') && { allowedHttpHookUrls: [`http://127.0.0.1:${hookPort}/*`] }),
    ...(has('httpHookAllowedEnvVars') && { httpHookAllowedEnvVars: [TOKEN_VARIABLE] }),
  };
}

/** Keys of managed settings, which stand above the gateway's, that keep an agent from reporting to it. */
const SILENCING: Readonly<Record<string, (value: unknown) => boolean>> = {
  disableAllHooks: (value) => value === true,
  allowManagedHooksOnly: (value) => value === true,
  strictPluginOnlyCustomization: (value) => value === true || (Array.isArray(value) && value.includes('hooks')),
};

/** An agent that cannot report is not started: its prompts could not be compared, nor kept from its model.
 *  @throws AgentStartError with the file and the key. */
export function refuseSilencing(others: readonly OtherSettings[]): void {
  for (const { file, source, settings } of others) {
    if (source !== 'managed') continue;
    const key = Object.keys(SILENCING).find((name) => SILENCING[name]?.(settings[name]) === true);
    if (key === undefined) continue;
    throw new AgentStartError(
      'agent_unavailable',
      `${key} in ${file} keeps the agent from reporting to Gatehouse: take it out, or allow hooks of command line settings there.`,
    );
  }
}
