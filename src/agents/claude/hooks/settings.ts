import { fileURLToPath } from 'node:url';
import type { AgentRule } from '../../../core/model/approval.ts';
import { shellWord } from '../../../lib/shell-word.ts';
import { TOKEN_VARIABLE, toSessionSettings } from '../../program/settings/session-settings.ts';

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
  trace: string | null = null,
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
  const own = { ...variables, ...(editor !== null && { VISUAL: editor, EDITOR: editor }) };
  const shared = toSessionSettings(rules, mode, own, trace);
  return {
    ...shared,
    hooks: {
      SessionStart: [{ hooks: [start] }, ...shared.hooks.SessionStart],
      ...Object.fromEntries(HTTP_EVENTS.map((event) => [event, [{ hooks: [http] }]])),
      // Versions that know this keep a prompt from the model while nobody listens; others pass it by.
      UserPromptSubmit: [{ hooks: [{ ...http, onFailure: 'block' }] }],
    },
  };
}

/** The program beside this file, as source in development and compiled in production. */
function startReporter(): string {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  return fileURLToPath(new URL(`report-start.${extension}`, import.meta.url));
}
