import type { AgentRule } from '../../../core/model/approval.ts';
import { shellWord } from '../../../lib/shell-word.ts';

/** Of the environment of an agent: names its session to the gateway, and marks what was started for it. */
export const TOKEN_VARIABLE = 'GATEHOUSE_HOOK_TOKEN';

/** In which nothing is asked. */
export const BYPASS = 'bypassPermissions';

export const KEPT_DAYS = 36_500;

export interface SessionSettings extends Readonly<Record<string, unknown>> {
  readonly hooks: { readonly SessionStart: readonly object[] };
}

/** Of the settings file of one session (`--settings`), for every way to drive it: what was allowed for it, and what its
 *  driver relies on. `trace`: the file in which its shells find the trace of a turn. */
export function toSessionSettings(
  rules: readonly AgentRule[],
  mode: string,
  variables: Readonly<Record<string, string>>,
  trace: string | null = null,
): SessionSettings {
  return {
    permissions: toPermissions(rules),
    // Here, for an `env` of the home's or the project's settings would stand above the environment.
    env: variables,
    hooks: { SessionStart: trace === null ? [] : [{ hooks: [toTraceHook(trace)] }] },
    // Another session of the same account could put a prompt into this one.
    crossSessionInbound: 'refuse',
    // Each start deletes older conversations, also those of sessions that sleep.
    cleanupPeriodDays: KEPT_DAYS,
    // Whoever set this mode has answered its warning, before which the CLI would stand still.
    ...(mode === BYPASS && { skipDangerousModePermissionPrompt: true }),
  };
}

/** The CLI runs what its hooks leave in `CLAUDE_ENV_FILE` in front of each command of its shells. What is there may be of a
 *  session that is resumed. */
function toTraceHook(trace: string): object {
  const file = shellWord(trace);
  const line = shellWord(`[ ! -r ${file} ] || . ${file}`);
  const isThere = `grep -qsxF -- ${line} "$CLAUDE_ENV_FILE"`;
  const add = `printf '%s\\n' ${line} >>"$CLAUDE_ENV_FILE"`;
  return { type: 'command', command: `[ -z "$CLAUDE_ENV_FILE" ] || ${isThere} || ${add}` };
}

/** The agent's own rules, in the form of its settings. A conversation that is resumed has forgotten them. */
function toPermissions(rules: readonly AgentRule[]): object {
  const of = (type: string): readonly AgentRule[] => rules.filter((rule) => rule['type'] === type);
  const allow = of('addRules').flatMap((rule) =>
    rule['behavior'] === 'allow' ? toList(rule['rules']).map(toRule) : [],
  );
  const additionalDirectories = of('addDirectories').flatMap((rule) => toList(rule['directories']));
  return { allow, additionalDirectories };
}

/** The permission mode that was allowed with `remember`; null when none was. */
export function modeIn(rules: readonly AgentRule[]): string | null {
  const mode = rules.findLast((rule) => rule['type'] === 'setMode')?.['mode'];
  return typeof mode === 'string' ? mode : null;
}

function toRule(rule: unknown): string {
  const { toolName, ruleContent } = rule as { readonly toolName?: string; readonly ruleContent?: string };
  return ruleContent === undefined ? String(toolName) : `${toolName}(${ruleContent})`;
}

function toList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
