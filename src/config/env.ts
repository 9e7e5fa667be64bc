import { AGENTS } from '../core/model/agent.ts';
import * as kinds from './kinds.ts';
import { variable, type Variable } from './variable.ts';

const PERMISSION_MODES = ['default', 'acceptEdits', 'plan', 'bypassPermissions', 'dontAsk'] as const;
export type PermissionMode = (typeof PERMISSION_MODES)[number];

const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

const secret = { secret: true } as const;
const COUNT_MAX = 1_000_000;
const DAY_MS = 86_400_000;

/** Everything that can be set, in the order of `.env.example`. */
export const VARIABLES = {
  HTTP_API_ENABLED: variable(kinds.flag, 'true', 'Serve the HTTP API.'),
  HTTP_API_HOST: variable(kinds.host, '127.0.0.1', 'Address on which the HTTP API listens.'),
  HTTP_API_PORT: variable(kinds.port, '3000', 'Port of the HTTP API; 0 takes any free one.'),
  HTTP_API_KEY: variable(
    kinds.apiKey,
    null,
    'Key that callers send; unset: one is generated at the first start and kept in DATA_DIR/api-key.',
    secret,
  ),
  HTTP_API_AUTH_ENABLED: variable(
    kinds.flag,
    'true',
    'Ask callers for the key; false lets in everybody who reaches the port.',
  ),
  RATE_LIMIT_MAX: variable(kinds.integer(0, COUNT_MAX), '100', 'Requests per key and window; 0 is no limit.'),
  RATE_LIMIT_WINDOW_MS: variable(kinds.integer(1, DAY_MS), '60000', 'Length of that window in milliseconds.'),
  CORS_ORIGINS: variable(
    kinds.origins,
    '*',
    'Web origins that may call the API, by commas; * for all (refused without authentication), empty for none.',
    { emptyIsNone: true },
  ),
  TERMINAL_WRITE_ENABLED: variable(
    kinds.flag,
    'false',
    'Let callers type through the terminal of a session; false: they only watch.',
  ),
  TASK_API_ENABLED: variable(kinds.flag, 'true', 'Serve the injection API, for scripts of this machine.'),
  TASK_API_HOST: variable(kinds.loopback, '127.0.0.1', 'Loopback address on which the injection API listens.'),
  TASK_API_PORT: variable(kinds.port, '9111', 'Port of the injection API; 0 takes any free one.'),
  TASK_CHANNEL: variable(
    kinds.oneOf(['workspace']),
    null,
    'What an injected task without a thread gets where no chat is configured: workspace makes one for each; unset: it is refused.',
  ),
  AGENT_HOOK_PORT: variable(
    kinds.port,
    '3010',
    'Loopback port on which agents report to the gateway; 0 takes any free one. Keep it across restarts: live agents know it.',
  ),
  DATA_DIR: variable(kinds.path, './data', 'Folder of the database, the generated key and the lock.'),
  WORKSPACES_ROOT: variable(kinds.path, './workspaces', 'Folder that holds one folder for each workspace.'),
  REPOS_ROOT: variable(
    kinds.path,
    null,
    'Folder of the git repositories of quick tasks, as owner/name; unset, as WORKTREES_ROOT: there are no quick tasks.',
  ),
  WORKTREES_ROOT: variable(
    kinds.path,
    null,
    'Folder that holds one worktree for each session of a quick task; the gateway removes what is left over there.',
  ),
  QUICK_PERMISSION_MODE: variable(
    kinds.oneOf(PERMISSION_MODES),
    'acceptEdits',
    'Permission mode of claude-print where there are quick tasks, as CLAUDE_PERMISSION_MODE; bypassPermissions is refused for agents of root.',
  ),
  QUICK_MAX_COST_USD: variable(
    kinds.microUsd,
    null,
    'What a session of a quick task may cost, in US dollars such as 2.50: then its messages are answered 402; unset: no limit.',
  ),
  DAILY_MAX_COST_USD: variable(
    kinds.microUsd,
    null,
    'What all work of a day (UTC) may cost, in US dollars: then more is answered 402 until midnight, and what was accepted runs; unset: no limit.',
  ),
  GIT_REMOTE_TIMEOUT_MS: variable(
    kinds.integer(100, 3_600_000),
    '20000',
    'How long git may take to fetch from a remote or to push to it, in milliseconds.',
  ),
  GIT_TIMEOUT_MS: variable(
    kinds.integer(1_000, 3_600_000),
    '300000',
    'How long git may take for anything else, such as a checkout, in milliseconds.',
  ),
  TASKS_DIR: variable(
    kinds.path,
    null,
    'Folder of the file queue: what is dropped there is run; unset: there is none.',
  ),
  RESPONSES_DIR: variable(
    kinds.path,
    null,
    'Folder into which the answers of files, and of clients that went away, are written; unset: they are read by id only.',
  ),
  BOT_WORKSPACE: variable(
    kinds.workspace,
    'bot',
    'Workspace of POST /api/task and WS /ws, and of files that name none.',
  ),
  WEBHOOK_SECRET: variable(
    kinds.webhookSecrets,
    null,
    'Signs what replyTo sends to webhooks: whsec_ and base64 of 24 to 64 bytes, two by a comma while receivers change over; unset: one is generated and kept in DATA_DIR/webhook-secret.',
    secret,
  ),
  WEBHOOK_ALLOW_PRIVATE: variable(
    kinds.networks,
    null,
    'Networks (CIDR, by commas) that webhooks may reach beside public ones, plain http there only.',
  ),
  WEBHOOK_TIMEOUT_MS: variable(
    kinds.integer(100, 120_000),
    '15000',
    'How long a receiver may take to answer a webhook, in milliseconds.',
  ),
  WEBHOOK_RETRY_MS: variable(
    kinds.durations,
    '5000,300000,1800000,7200000,18000000,36000000,50400000,72000000,86400000',
    'Waits between attempts at a receiver that fails, in milliseconds, by commas; the last one repeats.',
  ),
  DELIVERY_GIVE_UP_MS: variable(
    kinds.integer(1_000, 30 * DAY_MS),
    '345600000',
    'What an address has not taken for so long is given up, in milliseconds.',
  ),
  DELIVERY_PAUSE_AFTER_MS: variable(
    kinds.integer(1_000, 30 * DAY_MS),
    '259200000',
    'An address that fails for so long is tried seldom, and /health says so, in milliseconds.',
  ),
  TELEGRAM_BOT_TOKEN: variable(
    kinds.credential,
    null,
    'Token of the Telegram bot (@BotFather); unset: no Telegram.',
    secret,
  ),
  TELEGRAM_API_ROOT: variable(
    kinds.url,
    'https://api.telegram.org',
    'Address of Telegram’s bot API, for a server of your own.',
  ),
  ALLOWED_CHATS: variable(
    kinds.ids,
    null,
    'Telegram chats that may speak to agents, by commas; in the first one new tasks get their topics. Unset: none.',
  ),
  TELEGRAM_ALLOWED_USERS: variable(
    kinds.ids,
    null,
    'Telegram users who may speak to agents, by commas. Unset: nobody.',
  ),
  TELEGRAM_APPROVERS: variable(kinds.ids, null, 'Telegram users who may decide approvals, by commas. Unset: nobody.'),
  TELEGRAM_PRIVATE_PACE_MS: variable(
    kinds.integer(1, 60_000),
    '1100',
    'From one message to the next in a private chat of Telegram, in milliseconds.',
  ),
  TELEGRAM_GROUP_PACE_MS: variable(
    kinds.integer(1, 60_000),
    '3100',
    'From one message to the next in a group of Telegram, all its topics together, in milliseconds; decisions go sooner.',
  ),
  DISCORD_BOT_TOKEN: variable(kinds.credential, null, 'Token of the Discord bot; unset: no Discord.', secret),
  DISCORD_API_ROOT: variable(
    kinds.url,
    'https://discord.com/api',
    'Address of Discord’s API, for a server of your own.',
  ),
  DISCORD_ALLOWED_GUILDS: variable(
    kinds.ids,
    null,
    'Discord servers that may speak to agents, by commas. Unset: none.',
  ),
  DISCORD_ALLOWED_USERS: variable(kinds.ids, null, 'Discord users who may speak to agents, by commas. Unset: nobody.'),
  DISCORD_APPROVERS: variable(kinds.ids, null, 'Discord users who may decide approvals, by commas. Unset: nobody.'),
  DISCORD_TASKS_CHANNEL: variable(
    kinds.channel,
    'tasks',
    'Name of the Discord channel in which new tasks get their threads.',
  ),
  DISCORD_PACE_MS: variable(
    kinds.integer(1, 60_000),
    '1500',
    'From one message or edit to the next in a channel or thread of Discord, in milliseconds.',
  ),
  CHAT_FILE_MAX_BYTES: variable(
    kinds.integer(0, 52_428_800),
    '20971520',
    'Largest file that is taken from a chat, in bytes; Telegram hands out up to 20 MB. 0: none.',
  ),
  HOOKS_FILE: variable(
    kinds.path,
    null,
    'JSON file of hooks: programs and plugins that may veto a turn, or are told of its end; read again at SIGHUP. Unset: none.',
  ),
  HOOKS_SOCKET: variable(
    kinds.path,
    null,
    'Socket of the program that runs hooks as a user of their own; set by the image. Unset: hooks run as the user of the gateway.',
  ),
  DEFAULT_AGENT: variable(kinds.oneOf(AGENTS), 'claude', 'Agent of a new session when the caller names none.'),
  AGENT_HOME: variable(
    kinds.path,
    null,
    'Home folder of the agents, with their .claude; unset: DATA_DIR/agent-home. Your own home folder lends them your login.',
  ),
  STEWARD_SOCKET: variable(
    kinds.path,
    null,
    'Socket of the steward, which acts as the agents’ own user; set by the image. Unset: agents run as the user of the gateway.',
  ),
  CLAUDE_BIN: variable(kinds.text, null, 'Claude Code program, a path or a name in PATH; unset: the one pinned here.'),
  CLAUDE_MODEL: variable(kinds.credential, null, 'Model that Claude Code uses; unset: its own choice.'),
  CLAUDE_PERMISSION_MODE: variable(
    kinds.oneOf(PERMISSION_MODES),
    'default',
    'Permission mode of Claude Code: default, acceptEdits, plan, bypassPermissions or dontAsk.',
  ),
  CLAUDE_EXTRA_ARGS: variable(
    kinds.words,
    null,
    'More options for Claude Code, quoted as in a shell; those that the gateway gives itself are refused.',
  ),
  ANTHROPIC_API_KEY: variable(kinds.credential, null, 'API key for the agent; it is never logged.', secret),
  CLAUDE_CODE_OAUTH_TOKEN: variable(
    kinds.credential,
    null,
    'Token of a Claude subscription for the agent (claude setup-token); it is never logged.',
    secret,
  ),
  ANTHROPIC_BASE_URL: variable(kinds.url, null, 'Address of the model API, for a proxy or a stand-in.'),
  MAX_LIVE_SESSIONS: variable(
    kinds.integer(1, 1000),
    '8',
    'Agents that are live at the same time, some 320 MB each; idle ones are put to sleep for others.',
  ),
  SESSION_IDLE_MS: variable(
    kinds.integer(1_000, 7 * DAY_MS),
    '1800000',
    'After so long without a turn and without a person a session sleeps.',
  ),
  MAX_RUNNING_TURNS: variable(kinds.integer(1, 1000), '4', 'Turns that run at the same time, over all sessions.'),
  QUEUE_MAX: variable(kinds.integer(1, COUNT_MAX), '100', 'Requests that may wait in all; more are answered 429.'),
  SESSION_QUEUE_MAX: variable(kinds.integer(1, COUNT_MAX), '50', 'Requests that may wait for one session.'),
  PAUSE_PROBE_MS: variable(
    kinds.integer(1_000, 300_000),
    '10000',
    'How soon a paused agent (usage limit, expired login) is asked again; doubles up to five minutes.',
  ),
  TURN_TIMEOUT_MS: variable(
    kinds.integer(1000, DAY_MS),
    '1800000',
    'Longest time of a turn in milliseconds when the caller names none.',
  ),
  APPROVAL_TIMEOUT_MS: variable(
    kinds.integer(1000, DAY_MS),
    '600000',
    'How long a permission prompt of an agent waits for a decision before it is denied; the turn’s own time stands still.',
  ),
  QUEUE_TIMEOUT_MS: variable(
    kinds.integer(1000, 7 * DAY_MS),
    '3600000',
    'Longest time in milliseconds that a request may wait for its turn, from its acceptance.',
  ),
  DRAIN_TIMEOUT_MS: variable(
    kinds.integer(0, 600_000),
    '8000',
    'Longest time in milliseconds from SIGTERM to the exit of the gateway.',
  ),
  LOG_LEVEL: variable(kinds.oneOf(LOG_LEVELS), 'info', 'One of debug, info, warn, error, silent.'),
  LOG_PROMPTS: variable(kinds.flag, 'false', 'Let prompts and answers into the log.'),
} as const;

export type VariableName = keyof typeof VARIABLES;

/** A variable without a default is null when unset. */
export type Values = {
  readonly [N in VariableName]: (typeof VARIABLES)[N] extends Variable<infer T, infer D>
    ? D extends string
      ? T
      : T | null
    : never;
};

export type Environment = Readonly<Record<string, string | undefined>>;

/** Reads every variable and appends a line to `problems` for each that is wrong; its value is then left out. */
export function readVariables(env: Environment, problems: string[]): Values {
  const values = Object.entries<Variable<unknown, string | null>>(VARIABLES).map(([name, { kind, ...variable }]) => {
    const given = env[name]?.trim();
    const unset = given === undefined || (given === '' && variable.emptyIsNone !== true);
    const text = unset ? variable.default : given;
    const value = text === null ? null : kind.parse(text);
    if (value === undefined) problems.push(`${name}: must be ${kind.says}`);
    return [name, value];
  });
  // The entries follow from VARIABLES; a missing value is always told in `problems`.
  return Object.fromEntries(values) as Values;
}
