import { chmod, mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** What people have in their home and in a project, drawn by chance. */
export interface Dress {
  readonly settings: Readonly<Record<string, unknown>>;
  readonly hooks: readonly HookName[];
  readonly statusLine: StatusLineName;
  readonly hasServer: boolean;
  readonly hasSkill: boolean;
}

export type Random = () => number;

/** The same numbers for the same seed. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const SETTINGS: readonly Readonly<Record<string, unknown>>[] = [
  { theme: 'light' },
  { theme: 'dark-daltonized' },
  { editorMode: 'vim' },
  { spinnerVerbs: { mode: 'replace', verbs: ['Deep thinking', 'esc to interrupt'] } },
  { prefersReducedMotion: true },
  { verbose: true },
  { outputStyle: 'Explanatory' },
  { language: 'german' },
  { showTurnDuration: false },
  { showMessageTimestamps: true, timeFormat: '24-hour' },
  { maxProseWidth: 40 },
  { todoFeatureEnabled: false },
  { tui: 'fullscreen' },
  { viewMode: 'focus' },
  { promptSuggestionEnabled: true },
  { disableAllHooks: true },
  { allowedHttpHookUrls: ['https://hooks.example.com/*'] },
  { httpHookAllowedEnvVars: [] },
  { permissions: { defaultMode: 'acceptEdits' } },
  { cleanupPeriodDays: 1 },
  { autoCompactEnabled: false },
  { spinnerTipsEnabled: false, syntaxHighlightingDisabled: true },
  { askUserQuestionTimeout: '60s', idleCompaction: true },
  { teammateMode: 'tmux', remoteControlAtStartup: true },
  { env: { EDITOR: 'vi', VISUAL: 'nano', NO_COLOR: '1' } },
  { fileCheckpointingEnabled: false, alwaysThinkingEnabled: false },
];

const HOOKS = {
  'Stop blocks once': ['Stop', `[ -e .blocked ] || { touch .blocked; echo '{"decision":"block","reason":"go on"}'; }`],
  'Stop blocks once by its exit code': ['Stop', `[ -e .turned ] || { touch .turned; echo go on >&2; exit 2; }`],
  'Stop is slow': ['Stop', 'sleep 2'],
  'a prompt gets context': ['UserPromptSubmit', 'echo Today is Sunday.'],
  'a tool is allowed': ['PreToolUse', toDecision('allow')],
  'a tool is denied': ['PreToolUse', toDecision('deny')],
  'a start says something': ['SessionStart', 'echo Welcome.'],
  'a notification': ['Notification', 'echo noted'],
} as const;
export type HookName = keyof typeof HOOKS;

function toDecision(permissionDecision: string): string {
  const decision = { hookEventName: 'PreToolUse', permissionDecision, permissionDecisionReason: 'a rule of mine' };
  return `echo '${JSON.stringify({ hookSpecificOutput: decision })}'`;
}

const STATUS_LINES = {
  none: null,
  short: 'echo main',
  words: "echo 'press esc to interrupt'",
  lies: `rule=$(printf '%0.s─' $(seq 60)); printf '%s\\n❯ not this\\n%s\\n 1. Yes\\n❯ 2. No\\n⏵⏵ accept edits on (shift+tab to cycle)\\n' "$rule" "$rule"`,
} as const;
export type StatusLineName = keyof typeof STATUS_LINES;

export function drawDress(random: Random): Dress {
  const some = <T>(all: readonly T[], share: number): readonly T[] => all.filter(() => random() < share);
  const names = Object.keys(STATUS_LINES) as readonly StatusLineName[];
  const hooks = some(Object.keys(HOOKS) as readonly HookName[], 0.3);
  return {
    settings: Object.assign({}, ...some(SETTINGS, 0.2)) as Dress['settings'],
    // One rule for tools at a time.
    hooks: hooks.filter((name) => name !== 'a tool is denied' || !hooks.includes('a tool is allowed')),
    statusLine: names[Math.floor(random() * names.length)] ?? 'none',
    hasServer: random() < 0.3,
    hasSkill: random() < 0.3,
  };
}

/** Puts it on a home or a project, in place of the one before. */
export async function putOn(folder: string, dress: Dress, ofHome: boolean): Promise<void> {
  const place = (...names: readonly string[]): string => path.join(folder, '.claude', ...names);
  await mkdir(place(), { recursive: true });
  for (const name of ['skills', 'hooks']) await rm(place(name), { recursive: true, force: true });
  const hooks: Record<string, object[]> = {};
  for (const name of dress.hooks) {
    const [event, line] = HOOKS[name];
    const command = await writeScript(place('hooks', `${name.replaceAll(' ', '-')}.sh`), line);
    (hooks[event] ??= []).push({ hooks: [{ type: 'command', command }] });
  }
  const line = STATUS_LINES[dress.statusLine];
  const statusLine =
    line === null
      ? {}
      : { statusLine: { type: 'command', command: await writeScript(place('hooks', 'line.sh'), line) } };
  // A server that nobody has allowed yet is another matter: a dialog at the start.
  const settings = { ...dress.settings, ...statusLine, hooks, ...(ofHome && { enableAllProjectMcpServers: true }) };
  await writeFile(place('settings.json'), JSON.stringify(settings));
  if (dress.hasSkill) {
    await mkdir(place('skills', 'greet'), { recursive: true });
    await writeFile(
      place('skills', 'greet', 'SKILL.md'),
      '---\nname: greet\ndescription: Greets people\n---\nSay hello.\n',
    );
  }
  if (dress.hasServer && !ofHome)
    await writeFile(path.join(folder, '.mcp.json'), JSON.stringify({ mcpServers: { nothing: { command: 'true' } } }));
}

async function writeScript(file: string, line: string): Promise<string> {
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, `#!/bin/sh\ncat >/dev/null\n${line}\nexit 0\n`);
  await chmod(file, 0o755);
  return file;
}
