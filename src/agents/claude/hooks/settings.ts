import { fileURLToPath } from 'node:url';
import type { AgentRule } from '../../../core/model/approval.ts';
import { shellWord } from '../../../lib/shell-word.ts';

export const TOKEN_VARIABLE = 'GATEHOUSE_HOOK_TOKEN';

const HTTP_EVENTS = [
  'UserPromptSubmit',
  'Stop',
  'StopFailure',
  'PermissionRequest',
  'PreToolUse',
  'PostToolUse',
  'PostToolUseFailure',
  'Elicitation',
  'ElicitationResult',
  'MessageDisplay',
  'SessionEnd',
] as const;

const BYPASS = 'bypassPermissions';

export const KEPT_DAYS = 36_500;

/** Seconds; above every time-out of an approval. */
const HOOK_TIMEOUT_S = 25 * 3600;

/** The settings file of one session (`--settings`): its agent hooks, what was allowed for it, and what the driver
 *  relies on. `driver/pins.ts` adds what depends on other settings files. */
export function toSettings(
  hookPort: number,
  rules: readonly AgentRule[] = [],
  mode: string = 'default',
  editor: string | null = null,
  variables: Readonly<Record<string, string>> = {},
): object {
  const http = {
    type: 'http',
    url: `http://127.0.0.1:${hookPort}/agent-hooks`,
    headers: { Authorization: `Bearer $${TOKEN_VARIABLE}` },
    allowedEnvVars: [TOKEN_VARIABLE],
    timeout: HOOK_TIMEOUT_S,
  };
  const start = {
    type: 'command',
    command: `${shellWord(process.execPath)} ${shellWord(startReporter())} ${hookPort}`,
  };
  return {
    permissions: toPermissions(rules),
    // Here, for an `env` of the home's or the project's settings would stand above the environment.
    env: { ...variables, ...(editor !== null && { VISUAL: editor, EDITOR: editor }) },
    // Another session of the same account could put a prompt into this one.
    crossSessionInbound: 'refuse',
    // Each start deletes older conversations, also those of sessions that sleep.
    cleanupPeriodDays: KEPT_DAYS,
    // Whoever set this mode has answered its warning, before which the CLI would stand still.
    ...(mode === BYPASS && { skipDangerousModePermissionPrompt: true }),
    hooks: {
      SessionStart: [{ hooks: [start] }],
      ...Object.fromEntries(HTTP_EVENTS.map((event) => [event, [{ hooks: [http] }]])),
      // Versions that know this keep a prompt from the model while nobody listens; others pass it by.
      UserPromptSubmit: [{ hooks: [{ ...http, onFailure: 'block' }] }],
    },
  };
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

/** The program beside this file, as source in development and compiled in production. */
function startReporter(): string {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  return fileURLToPath(new URL(`report-start.${extension}`, import.meta.url));
}
