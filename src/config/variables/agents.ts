import { AGENTS } from '../../core/model/agent.ts';
import * as kinds from '../kinds.ts';
import { variable } from '../variable.ts';
import { PERMISSION_MODES, LOG_LEVELS } from './choices.ts';

const DAY_MS = 86_400_000;
const COUNT_MAX = 1_000_000;
const secret = { secret: true } as const;

/** Hooks, agents, and how much at once. */
export const AGENTS_AND_LIMITS = {
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
  PRICES_FILE: variable(
    kinds.path,
    null,
    'JSON file of what models cost, above the prices that are built in, for turns whose agent tells no cost.',
  ),
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
  QUEUE_MAX: variable(kinds.integer(1, COUNT_MAX), '200', 'Requests that may wait in all; more are answered 429.'),
  SESSION_QUEUE_MAX: variable(kinds.integer(1, COUNT_MAX), '100', 'Requests that may wait for one session.'),
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
  RETENTION_DAYS: variable(
    kinds.integer(0, 36_500),
    '30',
    'Days after which an ended request is forgotten, with its events, approvals and deliveries; 0: never.',
  ),
  RETENTION_MAX_MB: variable(
    kinds.integer(1, 100_000_000),
    null,
    'How much the database may hold, in megabytes: then the oldest ended requests are forgotten sooner; unset: as much as comes.',
  ),
  LOG_LEVEL: variable(kinds.oneOf(LOG_LEVELS), 'info', 'One of debug, info, warn, error, silent.'),
  LOG_PROMPTS: variable(kinds.flag, 'false', 'Let prompts and answers into the log.'),
  OTEL_EXPORTER_OTLP_ENDPOINT: variable(
    kinds.url,
    null,
    'Address of an OpenTelemetry collector (OTLP over HTTP), such as http://127.0.0.1:4318: a span for each request; unset: none.',
  ),
} as const;
