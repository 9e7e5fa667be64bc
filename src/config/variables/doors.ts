import * as kinds from '../kinds.ts';
import { variable } from '../variable.ts';

const DAY_MS = 86_400_000;
const COUNT_MAX = 1_000_000;
const secret = { secret: true } as const;

/** Where callers and agents reach the gateway. */
export const DOORS = {
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
  HTTP_ALLOWED_HOSTS: variable(
    kinds.hosts,
    null,
    'Host names by which the API and its metrics may be called, by commas, beside addresses, localhost, the name of the machine and HTTP_API_HOST: of a reverse proxy above all; others are refused.',
  ),
  TRUSTED_PROXIES: variable(
    kinds.proxies,
    null,
    'Addresses and networks of reverse proxies whose X-Forwarded-For is believed, by commas; unset: nobody’s.',
  ),
  RATE_LIMIT_MAX: variable(
    kinds.integer(0, COUNT_MAX),
    '100',
    'Requests per key and window, of each kind: those that act, those that read, checks (/health, /status), and looks at each request; 0 is no limit.',
  ),
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
  METRICS_PORT: variable(
    kinds.port,
    null,
    'Port on which Prometheus reads GET /metrics without a key; 0 takes any free one; unset: at the HTTP API only, with the key.',
  ),
  METRICS_HOST: variable(kinds.host, '127.0.0.1', 'Address on which that port listens.'),
} as const;
