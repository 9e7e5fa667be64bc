/** Options of Claude Code that the gateway gives itself, or that make another program of it than the one it drives. */
const REFUSED: Readonly<Record<string, string>> = {
  '--settings': 'the gateway passes its own; use the settings files of AGENT_HOME or the workspace',
  '--setting-sources': 'what the gateway needs would be left out',
  '--permission-mode': 'set CLAUDE_PERMISSION_MODE',
  '--model': 'set CLAUDE_MODEL',
  ...all([
    '--session-id',
    '--resume',
    '-r',
    '--continue',
    '-c',
    '--fork-session',
    '--from-pr',
    '--teleport',
    '--cloud',
  ]),
  ...all(['--environment', '--remote-control', '--bg', '--background', '--desktop', '--no-session-persistence']),
  ...all(['--print', '-p', '--input-format', '--output-format', '--json-schema', '--replay-user-messages']),
  ...all(['--include-partial-messages', '--include-hook-events', '--permission-prompt-tool', '--permission-prompts']),
  ...all(['--bare', '--safe-mode', '--restricted', '--ax-screen-reader', '--worktree', '-w', '--tmux']),
  ...all(['--help', '-h', '--version', '-v']),
};

/** Options that take no value. */
const ALONE: ReadonlySet<string> = new Set([
  ...['--verbose', '--strict-mcp-config', '--dangerously-skip-permissions', '--allow-dangerously-skip-permissions'],
  ...['--disable-slash-commands', '--ide', '--chrome', '--no-chrome', '--brief'],
  '--exclude-dynamic-system-prompt-sections',
]);

/** Options that take every word up to the next option. */
const SEVERAL: ReadonlySet<string> = new Set([
  ...['--add-dir', '--allowedTools', '--allowed-tools', '--disallowedTools', '--disallowed-tools', '--tools'],
  ...['--mcp-config', '--betas', '--file'],
]);

function all(names: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(names.map((name) => [name, 'the gateway drives an interactive session of its own']));
}

/** What is wrong with more arguments for Claude Code, a sentence each. An option that is not known passes, with one value.
 *  A word that belongs to none would be a prompt of its own at every start; it is not repeated, for it may be a secret. */
export function findWrongArguments(words: readonly string[]): readonly string[] {
  const problems: string[] = [];
  let takes = 0;
  for (const [index, word] of words.entries()) {
    const [name = ''] = word.split('=', 1);
    const isOption = /^-{1,2}[A-Za-z]/.test(name);
    if (isOption && REFUSED[name] !== undefined) problems.push(`${name} is not allowed: ${REFUSED[name]}`);
    if (word === '--') problems.push('-- is not allowed: what follows it would be a prompt');
    if (isOption) takes = toValues(word, name);
    else if (takes > 0) takes -= 1;
    else problems.push(`word ${index + 1} belongs to no option: it would be a prompt at every start`);
  }
  return problems;
}

function toValues(word: string, name: string): number {
  if (SEVERAL.has(name)) return Infinity;
  return word.includes('=') || ALONE.has(name) ? 0 : 1;
}
