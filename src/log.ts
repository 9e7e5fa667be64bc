import { isNativeError } from 'node:util/types';
import { pino } from 'pino';
import type { LogLevel } from './config/variables/choices.ts';
import type { Log } from './core/ports/log.ts';

/** Where lines go: a stream, or a test's list. */
export interface LineSink {
  write(line: string): unknown;
}

/** As much may wait for a reader. */
const UNREAD_MAX_BYTES = 1024 * 1024;

/** Where lines go that somebody may not read: more than so many bytes are not kept for them. Lines are dropped instead
 *  of holding up the gateway, and counted in the next one that is written. */
export function createDroppingSink(stream: ReadStream): LineSink {
  let dropped = 0;
  return {
    write(line) {
      if (stream.writableLength > UNREAD_MAX_BYTES) {
        dropped += 1;
        return;
      }
      if (dropped > 0) {
        const said = { level: 'warn', time: new Date().toISOString(), lines: dropped, msg: 'log.dropped' };
        stream.write(`${JSON.stringify(said)}\n`);
      }
      dropped = 0;
      stream.write(line);
    },
  };
}

/** Writes all lines of one turn of the event loop at once: each write of a busy gateway would be a call of the system. What
 *  waits goes out also when the process ends by itself, or by an error that nobody caught. */
export function gatherLines(stream: ReadStream): ReadStream {
  let waiting = '';
  const flush = (): void => {
    if (waiting === '') return;
    const lines = waiting;
    waiting = '';
    stream.write(lines);
  };
  process.on('exit', flush);
  return {
    get writableLength() {
      return stream.writableLength + waiting.length;
    },
    write(line) {
      if (waiting === '') setImmediate(flush);
      waiting += line;
    },
  };
}

/** A stream that somebody may not read. */
export interface ReadStream extends LineSink {
  /** What waits for its reader. */
  readonly writableLength: number;
}

/** For people: a line begins with its time and level. What it is made with is loaded only where somebody reads it. */
export async function openReadable(stream: ReadStream, colorize: boolean): Promise<ReadStream> {
  const { prettyFactory } = await import('pino-pretty');
  const toReadable = prettyFactory({ colorize, singleLine: true, translateTime: 'SYS:HH:MM:ss.l' });
  return {
    get writableLength() {
      return stream.writableLength;
    },
    write: (line) => stream.write(toReadable(line)),
  };
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
  'x-api-key',
  'X-API-Key',
  'Authorization',
  'HTTP_API_KEY',
  'ANTHROPIC_API_KEY',
  'CLAUDE_CODE_OAUTH_TOKEN',
];
const PROMPTS = ['prompt', 'command', 'text', 'summary'];
/** The top and two below it. */
const LEVELS = 3;

/** JSON lines to stdout unless a sink is given, without keys, and by default without prompts, down to two levels below the top. */
export function createLog(
  level: LogLevel,
  destination: LineSink = createDroppingSink(gatherLines(process.stdout)),
  options: LogOptions = {},
): Log {
  const hidden = new Set([...SECRETS, ...(options.prompts === true ? [] : PROMPTS)]);
  const settings = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: {
      level: (label: string) => ({ level: label }),
      log: (fields: object) => withoutHidden(fields, hidden, LEVELS),
    },
    // An error has become plain before its fields were looked at.
    serializers: { err: (error: unknown) => error },
  };
  const log = pino(settings, destination);
  return {
    debug: (fields, event) => log.debug(fields, event),
    info: (fields, event) => log.info(fields, event),
    warn: (fields, event) => log.warn(fields, event),
    error: (fields, event) => log.error(fields, event),
  };
}

/** A copy. pino's own `redact` with the same names, each on three levels, took a third of the time of a small request. */
function withoutHidden(fields: object, hidden: ReadonlySet<string>, levels: number): Record<string, unknown> {
  const kept: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (!hidden.has(name)) kept[name] = levels > 1 ? toPlain(value, hidden, levels - 1) : value;
  }
  return kept;
}

function toPlain(value: unknown, hidden: ReadonlySet<string>, levels: number): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => (levels > 1 ? toPlain(item, hidden, levels - 1) : item));
  if (isNativeError(value)) return withoutHidden(pino.stdSerializers.err(value), hidden, levels);
  // What says itself how it is written, as a date does, is left to that.
  return 'toJSON' in value ? value : withoutHidden(value, hidden, levels);
}
