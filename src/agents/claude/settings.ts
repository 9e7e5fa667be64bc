import { fileURLToPath } from 'node:url';

export const TOKEN_VARIABLE = 'GATEHOUSE_HOOK_TOKEN';

const HTTP_EVENTS = [
  'UserPromptSubmit',
  'Stop',
  'StopFailure',
  'PermissionRequest',
  'MessageDisplay',
  'SessionEnd',
] as const;

/** Seconds; above every time-out of an approval. */
const HOOK_TIMEOUT_S = 3600;

/** The settings file of one session (`--settings`): its agent hooks, and nothing of the user's. */
export function toSettings(hookPort: number): object {
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
    hooks: {
      SessionStart: [{ hooks: [start] }],
      ...Object.fromEntries(HTTP_EVENTS.map((event) => [event, [{ hooks: [http] }]])),
    },
  };
}

/** The program beside this file, as source in development and compiled in production. */
function startReporter(): string {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  return fileURLToPath(new URL(`report-start.${extension}`, import.meta.url));
}

function shellWord(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
