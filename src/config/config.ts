import { join } from 'node:path';
import type { AgentName } from '../core/model/agent.ts';
import { findWrongArguments } from './agent-arguments.ts';
import { type DiscordConfig, type TelegramConfig, toDiscord, toTelegram } from './chat-config.ts';
import { readVariables } from './env.ts';
import type { Environment, Values } from './env.ts';
import type { LogLevel, PermissionMode } from './variables/choices.ts';
import { findClaude } from './find-claude.ts';

/** All settings, checked. Paths are absolute, `…Ms` are milliseconds, null is "not set". */
export interface Config {
  readonly http: {
    readonly enabled: boolean;
    readonly host: string;
    /** 0: any. */
    readonly port: number;
    /** Null: one is generated and kept in the data folder. */
    readonly apiKey: string | null;
    readonly auth: boolean;
    /** 0: no limit. */
    readonly rateLimitMax: number;
    readonly rateLimitWindowMs: number;
    /** `['*']`: all; `[]`: none. */
    readonly corsOrigins: readonly string[];
    /** Names by which it may be called, beside its own. */
    readonly allowedHosts: readonly string[];
    readonly trustedProxies: readonly string[];
  };
  readonly taskApi: {
    readonly enabled: boolean;
    /** On loopback. */
    readonly host: string;
    /** 0: any. */
    readonly port: number;
    /** What opens threads for new tasks; null: nothing. */
    readonly channel: 'workspace' | null;
  };
  readonly metrics: {
    readonly host: string;
    /** 0: any. Null: no listener of its own. */
    readonly port: number | null;
  };
  readonly agent: {
    readonly default: AgentName;
    /** 0: any. */
    readonly hookPort: number;
    readonly home: string;
    /** Null: agents run as this process's own user. */
    readonly stewardSocket: string | null;
    /** Null: Claude Code is not installed. */
    readonly bin: string | null;
    readonly model: string | null;
    readonly pricesFile: string | null;
    readonly permissionMode: PermissionMode;
    readonly extraArgs: readonly string[];
    readonly credentials: Readonly<Record<'apiKey' | 'oauthToken' | 'baseUrl', string | null>>;
  };
  readonly terminal: { readonly writeEnabled: boolean };
  readonly dirs: {
    readonly data: string;
    readonly workspaces: string;
    /** Null: no file queue, and no response files. */
    readonly tasks: string | null;
    readonly responses: string | null;
  };
  /** Null: SQLite in the data folder. */
  readonly postgres: { readonly url: string; readonly poolMax: number } | null;
  /** Null: there are no quick tasks. */
  readonly quick: {
    readonly repos: string;
    readonly worktrees: string;
    readonly permissionMode: PermissionMode;
    readonly remoteTimeoutMs: number;
    readonly gitTimeoutMs: number;
  } | null;
  /** Millionths of a US dollar; null: no limit. */
  readonly budgets: { readonly dailyMaxMicroUsd: number | null; readonly quickMaxMicroUsd: number | null };
  readonly botWorkspace: string;
  readonly webhooks: {
    /** Null: one is generated and kept in the data folder. */
    readonly secrets: readonly string[] | null;
    readonly allowPrivate: readonly string[];
    readonly timeoutMs: number;
    readonly retryMs: readonly number[];
  };
  /** Null: not configured. */
  readonly telegram: TelegramConfig | null;
  readonly discord: DiscordConfig | null;
  readonly hooks: {
    /** Null: there are none. */
    readonly file: string | null;
    /** Null: hooks run as this process's own user. */
    readonly socket: string | null;
  };
  readonly deliveries: { readonly giveUpMs: number; readonly pauseAfterMs: number };
  readonly limits: {
    readonly maxLiveSessions: number;
    readonly sessionIdleMs: number;
    readonly maxRunningTurns: number;
    readonly queueMax: number;
    readonly sessionQueueMax: number;
    readonly turnTimeoutMs: number;
    readonly approvalTimeoutMs: number;
    readonly queueTimeoutMs: number;
    readonly pauseProbeMs: number;
    readonly drainTimeoutMs: number;
    /** 0: none is taken. */
    readonly chatFileMaxBytes: number;
  };
  readonly retention: {
    /** Null: nothing is forgotten for its age. */
    readonly retentionMs: number | null;
    /** Null: the database may grow. */
    readonly retentionMaxBytes: number | null;
  };
  readonly traces: { readonly endpoint: string | null };
  readonly log: { readonly level: LogLevel; readonly prompts: boolean };
}

/** Each problem starts with the name of its variable and repeats no value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}

/** @throws ConfigError with every problem at once. */
export function readConfig(env: Environment): Config {
  const problems: string[] = [];
  const values = readVariables(env, problems);
  const bin = findClaude(values.CLAUDE_BIN, env['PATH'] ?? '');
  if (values.CLAUDE_BIN && bin === null) problems.push('CLAUDE_BIN: names a program that does not exist');
  problems.push(...findConflicts(values));
  if (problems.length > 0) throw new ConfigError(problems);
  return freeze(arrange(values, bin));
}

function findConflicts(values: Values): readonly string[] {
  const problems: string[] = [];
  // Without a key, any web page that somebody on this network opens could drive the agents.
  if (values.HTTP_API_AUTH_ENABLED === false && values.CORS_ORIGINS?.includes('*')) {
    problems.push(
      'CORS_ORIGINS: must not be * while HTTP_API_AUTH_ENABLED is false: name the origins, or set it empty',
    );
  }
  problems.push(...findSharedPorts(values));
  for (const problem of findWrongArguments(values.CLAUDE_EXTRA_ARGS ?? []))
    problems.push(`CLAUDE_EXTRA_ARGS: ${problem}`);
  problems.push(...findQuickConflicts(values));
  const { TASKS_DIR, RESPONSES_DIR } = values;
  if (TASKS_DIR && RESPONSES_DIR && `${RESPONSES_DIR}/`.startsWith(`${TASKS_DIR}/`)) {
    problems.push('RESPONSES_DIR: must not be TASKS_DIR or a folder in it');
  }
  return problems;
}

/** What is left over in the folder of worktrees is removed: nothing else may be there. */
function findQuickConflicts(values: Values): readonly string[] {
  const { REPOS_ROOT, WORKTREES_ROOT } = values;
  // What does not parse is told already.
  if (REPOS_ROOT === undefined || WORKTREES_ROOT === undefined) return [];
  if (REPOS_ROOT === null && WORKTREES_ROOT === null) return [];
  if (REPOS_ROOT === null) return ['REPOS_ROOT: must be set, as WORKTREES_ROOT is'];
  if (WORKTREES_ROOT === null) return ['WORKTREES_ROOT: must be set, as REPOS_ROOT is'];
  return (['REPOS_ROOT', 'WORKSPACES_ROOT', 'DATA_DIR', 'AGENT_HOME'] as const).flatMap((name) => {
    const other = values[name];
    return other && isShared(`${other}/`, `${WORKTREES_ROOT}/`)
      ? [`WORKTREES_ROOT: must be neither ${name}, nor in it, nor around it`]
      : [];
  });
}

function isShared(one: string, other: string): boolean {
  return one.startsWith(other) || other.startsWith(one);
}

function findSharedPorts(values: Values): readonly string[] {
  const ports = [
    ...(values.HTTP_API_ENABLED ? (['HTTP_API_PORT'] as const) : []),
    ...(values.TASK_API_ENABLED ? (['TASK_API_PORT'] as const) : []),
    'AGENT_HOOK_PORT' as const,
    ...(typeof values.METRICS_PORT === 'number' ? (['METRICS_PORT'] as const) : []),
  ];
  return ports.flatMap((name, at) => {
    const other = ports.slice(0, at).find((earlier) => values[earlier] === values[name]);
    return other === undefined || values[name] === 0 ? [] : [`${name}: must differ from ${other}`];
  });
}

const DAY_MS = 86_400_000;
const MB = 1_000_000;

function arrange(values: Values, bin: string | null): Config {
  return {
    http: arrangeHttp(values),
    taskApi: {
      enabled: values.TASK_API_ENABLED,
      host: values.TASK_API_HOST,
      port: values.TASK_API_PORT,
      channel: values.TASK_CHANNEL,
    },
    metrics: { host: values.METRICS_HOST, port: values.METRICS_PORT },
    agent: {
      default: values.DEFAULT_AGENT,
      hookPort: values.AGENT_HOOK_PORT,
      home: values.AGENT_HOME ?? join(values.DATA_DIR, 'agent-home'),
      stewardSocket: values.STEWARD_SOCKET,
      bin,
      model: values.CLAUDE_MODEL,
      pricesFile: values.PRICES_FILE,
      permissionMode: values.CLAUDE_PERMISSION_MODE,
      extraArgs: values.CLAUDE_EXTRA_ARGS ?? [],
      credentials: {
        apiKey: values.ANTHROPIC_API_KEY,
        oauthToken: values.CLAUDE_CODE_OAUTH_TOKEN,
        baseUrl: values.ANTHROPIC_BASE_URL,
      },
    },
    terminal: { writeEnabled: values.TERMINAL_WRITE_ENABLED },
    dirs: {
      data: values.DATA_DIR,
      workspaces: values.WORKSPACES_ROOT,
      tasks: values.TASKS_DIR,
      responses: values.RESPONSES_DIR,
    },
    postgres: values.DATABASE_URL === null ? null : { url: values.DATABASE_URL, poolMax: values.DATABASE_POOL_MAX },
    quick: arrangeQuick(values),
    budgets: { dailyMaxMicroUsd: values.DAILY_MAX_COST_USD, quickMaxMicroUsd: values.QUICK_MAX_COST_USD },
    botWorkspace: values.BOT_WORKSPACE,
    webhooks: {
      secrets: values.WEBHOOK_SECRET,
      allowPrivate: values.WEBHOOK_ALLOW_PRIVATE ?? [],
      timeoutMs: values.WEBHOOK_TIMEOUT_MS,
      retryMs: values.WEBHOOK_RETRY_MS,
    },
    telegram: toTelegram(values),
    discord: toDiscord(values),
    hooks: { file: values.HOOKS_FILE, socket: values.HOOKS_SOCKET },
    deliveries: { giveUpMs: values.DELIVERY_GIVE_UP_MS, pauseAfterMs: values.DELIVERY_PAUSE_AFTER_MS },
    limits: arrangeLimits(values),
    retention: {
      retentionMs: values.RETENTION_DAYS === 0 ? null : values.RETENTION_DAYS * DAY_MS,
      retentionMaxBytes: values.RETENTION_MAX_MB === null ? null : values.RETENTION_MAX_MB * MB,
    },
    traces: { endpoint: values.OTEL_EXPORTER_OTLP_ENDPOINT },
    log: { level: values.LOG_LEVEL, prompts: values.LOG_PROMPTS },
  };
}

function arrangeHttp(values: Values): Config['http'] {
  return {
    enabled: values.HTTP_API_ENABLED,
    host: values.HTTP_API_HOST,
    port: values.HTTP_API_PORT,
    apiKey: values.HTTP_API_KEY,
    auth: values.HTTP_API_AUTH_ENABLED,
    rateLimitMax: values.RATE_LIMIT_MAX,
    rateLimitWindowMs: values.RATE_LIMIT_WINDOW_MS,
    corsOrigins: values.CORS_ORIGINS,
    allowedHosts: values.HTTP_ALLOWED_HOSTS ?? [],
    trustedProxies: values.TRUSTED_PROXIES ?? [],
  };
}

function arrangeQuick(values: Values): Config['quick'] {
  const { REPOS_ROOT: repos, WORKTREES_ROOT: worktrees } = values;
  if (repos === null || worktrees === null) return null;
  return {
    ...{ repos, worktrees },
    permissionMode: values.QUICK_PERMISSION_MODE,
    remoteTimeoutMs: values.GIT_REMOTE_TIMEOUT_MS,
    gitTimeoutMs: values.GIT_TIMEOUT_MS,
  };
}

function arrangeLimits(values: Values): Config['limits'] {
  return {
    maxLiveSessions: values.MAX_LIVE_SESSIONS,
    sessionIdleMs: values.SESSION_IDLE_MS,
    maxRunningTurns: values.MAX_RUNNING_TURNS,
    queueMax: values.QUEUE_MAX,
    sessionQueueMax: values.SESSION_QUEUE_MAX,
    turnTimeoutMs: values.TURN_TIMEOUT_MS,
    approvalTimeoutMs: values.APPROVAL_TIMEOUT_MS,
    queueTimeoutMs: values.QUEUE_TIMEOUT_MS,
    pauseProbeMs: values.PAUSE_PROBE_MS,
    drainTimeoutMs: values.DRAIN_TIMEOUT_MS,
    chatFileMaxBytes: values.CHAT_FILE_MAX_BYTES,
  };
}

function freeze<T extends object>(value: T): T {
  for (const part of Object.values(value)) {
    if (typeof part === 'object' && part !== null) freeze(part);
  }
  return Object.freeze(value);
}
