import type { Command } from 'commander';

/** What the help of each command ends with; behind a wrong word it is told where that is. */
export function addExamples(command: Command, path: readonly string[] = []): void {
  const words = ['gatehouse', ...path].join(' ');
  const examples = EXAMPLES[path.join(' ')];
  if (path.length > 0) command.showHelpAfterError(`(${words} --help says more)`);
  if (examples !== undefined) command.addHelpText('after', `\nExamples:\n  ${examples.join('\n  ')}`);
  for (const below of command.commands) addExamples(below, [...path, below.name()]);
}

const EXAMPLES: Readonly<Record<string, readonly string[]>> = {
  run: [
    'gatehouse run -w website "Fix the broken link in README.md"',
    'git diff | gatehouse run -w website --json -',
    'ID="$(gatehouse run -w website --detach "List the open tasks")"',
  ],
  cancel: ['gatehouse cancel "$ID"'],
  status: ['gatehouse status', 'gatehouse status "$ID"', 'gatehouse status --json "$ID"'],
  requests: ['gatehouse requests -w website --state failed', 'gatehouse requests -n 100 --json'],
  logs: ['gatehouse logs "$ID"', 'gatehouse logs -f -w website', 'gatehouse logs -f --after 0 --json'],
  deliveries: ['gatehouse deliveries --state given_up', 'gatehouse deliveries --retry "$DELIVERY"'],
  usage: ['gatehouse usage --by workspace', 'gatehouse usage --by model --from 2026-01-01 --to 2026-02-01'],
  sessions: ['gatehouse sessions', 'gatehouse sessions --url https://gate.example.org'],
  screen: ['gatehouse screen website'],
  attach: ['gatehouse attach website', 'gatehouse attach --read-only website'],
  approvals: ['gatehouse approvals', 'gatehouse approvals --all -w website'],
  approve: [
    'gatehouse approve "$APPROVAL"',
    'gatehouse approve "$APPROVAL" --remember',
    'gatehouse approve "$APPROVAL" --answer "Which colour?=blue"',
  ],
  deny: ['gatehouse deny "$APPROVAL" -m "Use the staging server"'],
  keys: ['gatehouse keys list', 'gatehouse keys create jobs --scope execute read'],
  'keys create': [
    'gatehouse keys create jobs --scope execute read --workspace "web-*"',
    'gatehouse keys create guest --scope read --expires 2027-01-31 --rate 30',
  ],
  'keys list': ['gatehouse keys list', 'gatehouse keys list --json'],
  'keys rotate': ['gatehouse keys rotate "$KEY_ID"'],
  'keys revoke': ['gatehouse keys revoke "$KEY_ID"'],
  audit: ['gatehouse audit --after 100', 'gatehouse audit --json > audit.jsonl'],
  'audit verify': ['gatehouse audit verify', 'gatehouse audit verify --known "$LINE_AND_HASH"'],
  serve: ['gatehouse serve', 'gatehouse serve --port 0'],
  down: ['gatehouse down'],
  doctor: ['gatehouse doctor', 'gatehouse doctor --turn', 'gatehouse doctor --json'],
  backup: ['gatehouse backup gatehouse.tgz'],
  restore: ['gatehouse restore gatehouse.tgz'],
  demo: ['gatehouse demo', 'gatehouse demo --once'],
  migrate: ['gatehouse migrate --from sqlite --to postgres://gatehouse@127.0.0.1/gatehouse'],
  hooks: ['gatehouse hooks test ./hook.sh'],
  'hooks test': ['gatehouse hooks test ./hook.sh', 'gatehouse hooks test policy --event pre_session'],
  completions: [
    'source <(gatehouse completions bash)',
    'gatehouse completions fish > ~/.config/fish/completions/gatehouse.fish',
  ],
  version: ['gatehouse version'],
};
