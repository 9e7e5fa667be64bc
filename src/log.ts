import { pino } from 'pino';
import type { LogLevel } from './config/env.ts';
import type { Log } from './core/ports/log.ts';

/** Where lines go: a stream, or a test's list. */
export interface LineSink {
  write(line: string): unknown;
}

export interface LogOptions {
  /** Lets prompts and answers through. Keys never are. */
  readonly prompts?: boolean;
}

const SECRETS = [
  'apiKey',
  'key',
  'token',
  'oauthToken',
  'secret',
  'password',
  'authorization',
  'cookie',
  'credentials',
];
const SECRET_NAMES = [
  'x-api-key',
  'X-API-Key',
  'Authorization',
  'HTTP_API_KEY',
  'ANTHROPIC_API_KEY',
  'CLAUDE_CODE_OAUTH_TOKEN',
];
const PROMPTS = ['prompt', 'command', 'text', 'summary'];

/** JSON lines to stdout unless a sink is given, without keys, and by default without prompts, down to two levels below the top. */
export function createLog(level: LogLevel, destination?: LineSink, options: LogOptions = {}): Log {
  const names = [...SECRETS, ...SECRET_NAMES, ...(options.prompts === true ? [] : PROMPTS)];
  const settings = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: names.flatMap((name) => [`["${name}"]`, `*["${name}"]`, `*.*["${name}"]`]), remove: true },
  };
  const log = destination === undefined ? pino(settings) : pino(settings, destination);
  return {
    debug: (fields, event) => log.debug(fields, event),
    info: (fields, event) => log.info(fields, event),
    warn: (fields, event) => log.warn(fields, event),
    error: (fields, event) => log.error(fields, event),
  };
}
