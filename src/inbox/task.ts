import { isUtf8 } from 'node:buffer';
import { GatewayError } from '../core/model/errors.ts';
import { CALLER_PRIORITIES, type Priority } from '../core/model/request.ts';
import { parseFrontMatter } from './front-matter.ts';
import { toEnding } from './names.ts';

/** What a file asks for. What its values mean is checked where they are submitted. */
export interface Task {
  readonly prompt: string;
  /** The name of the prompt's field, for errors. */
  readonly promptField: string;
  readonly workspace?: string;
  readonly priority?: Priority;
  readonly timeoutMs?: number;
  readonly replyTo?: string;
}

/** `webhook:` and a URL of 2,048 characters. */
const REPLY_TO_MAX = 2_056;

/** @throws GatewayError `invalid_field`, which names the field. */
export function parseTask(name: string, bytes: Buffer): Task {
  // Text in UTF-16 is full of zero bytes, and valid UTF-8 where it is English.
  if (!isUtf8(bytes) || bytes.includes(0)) throw wrong('file', 'the file is not text in UTF-8');
  const text = bytes.toString().replace(/^\uFEFF/, '');
  return toEnding(name) === '.json' ? parseJson(text) : parseMarkdown(text);
}

/** A JSON object ends with its last bracket: while it is written, it is not valid. */
export function isWholeJson(bytes: Buffer): boolean {
  try {
    return isObject(JSON.parse(bytes.toString()));
  } catch {
    return false;
  }
}

function parseMarkdown(text: string): Task {
  // Line ends of old Macs; a prompt gets others anyway.
  const { fields, body } = parseFrontMatter(text.includes('\n') ? text : text.replaceAll('\r', '\n'));
  const { timeoutMs, ...others } = fields;
  const number = timeoutMs !== undefined && /^\d{1,9}$/.test(timeoutMs) ? Number(timeoutMs) : timeoutMs;
  return {
    prompt: body,
    promptField: 'body',
    ...toFields({ ...others, ...(number !== undefined && { timeoutMs: number }) }, 'there are'),
  };
}

function parseJson(text: string): Task {
  const value = readObject(text);
  const { command, ...others } = value;
  if (typeof command !== 'string') throw wrong('command', 'command is needed: the prompt, as text');
  return { prompt: command, promptField: 'command', ...toFields(others, 'there are command,') };
}

function readObject(text: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw wrong('file', 'the file is not valid JSON');
  }
  if (!isObject(value)) throw wrong('file', 'the file holds no JSON object');
  return value;
}

function toFields(given: Readonly<Record<string, unknown>>, thereAre: string): Omit<Task, 'prompt' | 'promptField'> {
  const { workspace, priority, timeoutMs, replyTo, ...others } = given;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) {
    throw wrong(unknown, `${unknown} is unknown: ${thereAre} workspace, priority, timeoutMs and replyTo`);
  }
  return {
    ...(workspace !== undefined && { workspace: toText('workspace', workspace) }),
    ...(priority !== undefined && { priority: toPriority(priority) }),
    ...(timeoutMs !== undefined && { timeoutMs: toNumber('timeoutMs', timeoutMs) }),
    ...(replyTo !== undefined && { replyTo: toText('replyTo', replyTo) }),
  };
}

function toText(field: string, value: unknown): string {
  if (typeof value === 'string' && value !== '' && value.length <= REPLY_TO_MAX && value.isWellFormed()) return value;
  throw wrong(field, `${field} is text of 1 to ${REPLY_TO_MAX} characters`);
}

function toPriority(value: unknown): Priority {
  const known = CALLER_PRIORITIES.find((priority) => priority === value);
  if (known === undefined) throw wrong('priority', `priority is one of ${CALLER_PRIORITIES.join(', ')}`);
  return known;
}

function toNumber(field: string, value: unknown): number {
  if (typeof value === 'number') return value;
  throw wrong(field, `${field} is a whole number of milliseconds`);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function wrong(field: string, message: string): GatewayError {
  return new GatewayError('invalid_field', message, { field });
}
