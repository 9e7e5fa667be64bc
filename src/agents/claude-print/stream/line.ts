import type { AgentRule } from '../../../core/model/approval.ts';

type Fields = Readonly<Record<string, unknown>>;

/** A line of `claude -p --output-format stream-json`, reduced to what the driver acts on. */
export type Line =
  /** `idle` behind the end of a turn, `running` before its begin. */
  | { readonly kind: 'state'; readonly state: string }
  /** A turn begins. */
  | { readonly kind: 'begun'; readonly sessionId: string | null; readonly permissionMode: string | null }
  /** What became of a message of ours, by its uuid; 2.1.197 does not tell. */
  | { readonly kind: 'message'; readonly uuid: string; readonly state: string }
  | { readonly kind: 'said'; readonly piece: Piece }
  | { readonly kind: 'blocks'; readonly message: WholeMessage }
  | { readonly kind: 'results'; readonly results: readonly ToolResult[] }
  /** The agent asks us something; `request.subtype` says what. */
  | { readonly kind: 'asks'; readonly requestId: string; readonly request: Fields }
  /** It does not want to know any more. */
  | { readonly kind: 'withdraws'; readonly requestId: string }
  /** The answer to a request of ours, or one of ours that was taken. */
  | { readonly kind: 'answers'; readonly requestId: string; readonly ok: boolean; readonly response: Fields }
  | { readonly kind: 'retries'; readonly attempt: number; readonly of: number }
  /** Work in the background: what it is by now, what began, what has ended, and that an end wakes the agent. */
  | { readonly kind: 'tasks'; readonly ids: readonly string[] }
  | { readonly kind: 'task_begun' | 'task_over' | 'wakes'; readonly id: string }
  | { readonly kind: 'result'; readonly result: Result }
  | { readonly kind: 'other' };

/** Of the text of a message, as it streams; of the agent itself, not of a subagent. */
export type Piece =
  | { readonly of: 'message'; readonly id: string }
  | { readonly of: 'block' }
  | { readonly of: 'text'; readonly text: string }
  | { readonly of: 'end' };

/** One block of a message, when it is complete: each has a line of its own. */
export interface WholeMessage {
  readonly id: string;
  /** The use of the tool that runs the subagent which says it; null for the agent itself. */
  readonly subagent: string | null;
  readonly text: string | null;
  readonly uses: readonly ToolUse[];
  /** The kind of error that the CLI says in the model's place; null for what the model says. */
  readonly error: string | null;
}

export interface ToolUse {
  readonly id: string;
  readonly tool: string;
  readonly input: Fields;
}

export interface ToolResult {
  readonly id: string;
  readonly ok: boolean;
}

/** The end of a turn. */
export interface Result {
  readonly isError: boolean;
  /** 0: the prompt was kept from the model. */
  readonly turns: number;
  readonly text: string;
  /** How the CLI says that it came to the end: `aborted_…` when it was interrupted. */
  readonly reason: string | null;
  /** HTTP status of the model's last refusal. */
  readonly status: number | null;
  readonly errors: readonly string[];
  /** It was woken, and asked by nobody. */
  readonly isWoken: boolean;
  /** Since the last result; null in versions that do not tell it. */
  readonly since: ModelSums | null;
  /** Since the process began, in versions that tell nothing else. */
  readonly total: ModelSums;
}

/** By the name of a model. Money as it comes, in US dollars. */
export type ModelSums = ReadonlyMap<string, ModelSum>;

export interface ModelSum {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cacheReadTokens: number;
  readonly cacheWriteTokens: number;
  readonly cacheWrite1hTokens: number;
  readonly webSearches: number;
  /** Null when it tells none, or knows none. */
  readonly costUsd: number | null;
}

const OTHER: Line = { kind: 'other' };

/** What is no line of the program, as one that somebody else wrote there, says nothing. */
export function parseLine(text: string): Line {
  const line = parseObject(text);
  switch (line['type']) {
    case 'system':
      return parseSystem(line);
    case 'command_lifecycle':
      return { kind: 'message', uuid: toText(line['command_uuid']), state: toText(line['state']) };
    case 'stream_event':
      return line['parent_tool_use_id'] === null ? parsePiece(asObject(line['event'])) : OTHER;
    case 'assistant':
      return { kind: 'blocks', message: toMessage(line) };
    case 'user':
      return parseUser(line);
    case 'control_request':
      return { kind: 'asks', requestId: toText(line['request_id']), request: asObject(line['request']) };
    case 'control_cancel_request':
      return { kind: 'withdraws', requestId: toText(line['request_id']) };
    case 'control_response':
      return parseAnswer(asObject(line['response']));
    case 'result':
      return { kind: 'result', result: toResult(line) };
    default:
      return OTHER;
  }
}

function parseSystem(line: Fields): Line {
  const id = toText(line['task_id']);
  switch (line['subtype']) {
    case 'session_state_changed':
      return { kind: 'state', state: toText(line['state']) };
    case 'init':
      return {
        kind: 'begun',
        sessionId: toTextOrNull(line['session_id']),
        permissionMode: toTextOrNull(line['permissionMode']),
      };
    case 'api_retry':
      return { kind: 'retries', attempt: toWhole(line['attempt']), of: toWhole(line['max_retries']) };
    case 'background_tasks_changed':
      return { kind: 'tasks', ids: toObjects(line['tasks']).map((task) => toText(task['task_id'])) };
    case 'task_started':
      return { kind: 'task_begun', id };
    case 'task_updated':
      return OVER.has(toText(asObject(line['patch'])['status'])) ? { kind: 'task_over', id } : OTHER;
    case 'task_notification':
      return { kind: 'wakes', id };
    default:
      return OTHER;
  }
}

const OVER: ReadonlySet<string> = new Set(['completed', 'failed', 'killed', 'stopped', 'cancelled']);

function parsePiece(event: Fields): Line {
  switch (event['type']) {
    case 'message_start':
      return { kind: 'said', piece: { of: 'message', id: toText(asObject(event['message'])['id']) } };
    case 'content_block_start':
      return { kind: 'said', piece: { of: 'block' } };
    case 'content_block_delta': {
      const { type, text } = asObject(event['delta']);
      return type === 'text_delta' ? { kind: 'said', piece: { of: 'text', text: toText(text) } } : OTHER;
    }
    case 'message_stop':
      return { kind: 'said', piece: { of: 'end' } };
    default:
      return OTHER;
  }
}

function toMessage(line: Fields): WholeMessage {
  const message = asObject(line['message']);
  const blocks = toObjects(message['content']);
  const texts = blocks.filter(({ type }) => type === 'text').map((block) => toText(block['text']));
  const uses = blocks
    .filter(({ type }) => type === 'tool_use')
    .map((block) => ({ id: toText(block['id']), tool: toText(block['name']), input: asObject(block['input']) }));
  return {
    id: toText(message['id']),
    subagent: toTextOrNull(line['parent_tool_use_id']),
    text: texts.length === 0 ? null : texts.join('\n'),
    uses,
    error: toTextOrNull(line['error']),
  };
}

function parseUser(line: Fields): Line {
  if (line['isReplay'] === true) return { kind: 'message', uuid: toText(line['uuid']), state: 'started' };
  const results = toObjects(asObject(line['message'])['content'])
    .filter(({ type }) => type === 'tool_result')
    .map((block) => ({ id: toText(block['tool_use_id']), ok: block['is_error'] !== true }));
  return { kind: 'results', results };
}

function parseAnswer(answer: Fields): Line {
  return {
    kind: 'answers',
    requestId: toText(answer['request_id']),
    ok: answer['subtype'] === 'success',
    response: asObject(answer['response']),
  };
}

function toResult(line: Fields): Result {
  const { errors, model_usage_since_last_result: since, api_error_status: status } = line;
  return {
    isError: line['is_error'] === true,
    turns: toWhole(line['num_turns']),
    text: toText(line['result']),
    reason: toTextOrNull(line['terminal_reason']),
    status: typeof status === 'number' ? status : null,
    errors: Array.isArray(errors) ? errors.map(String) : [],
    isWoken: asObject(line['origin'])['kind'] === 'task-notification',
    since: since === undefined ? null : toSums(since),
    total: toSums(line['modelUsage']),
  };
}

function toSums(value: unknown): ModelSums {
  const models = Object.entries(asObject(value)).map(([model, sum]) => [model, toSum(asObject(sum))] as const);
  return new Map(models);
}

function toSum(sum: Fields): ModelSum {
  return {
    inputTokens: toWhole(sum['inputTokens']),
    outputTokens: toWhole(sum['outputTokens']),
    cacheReadTokens: toWhole(sum['cacheReadInputTokens']),
    cacheWriteTokens: toWhole(sum['cacheCreationInputTokens']),
    cacheWrite1hTokens: toWhole(sum['cacheCreationEphemeral1hInputTokens']),
    webSearches: toWhole(sum['webSearchRequests']),
    // Of a model that it does not know it tells the cost of another one.
    costUsd: typeof sum['costUSD'] === 'number' && sum['costBasis'] !== 'unknown' ? sum['costUSD'] : null,
  };
}

/** Of a request that asks whether a tool may run: rules that would allow it from now on. */
export function toRules(request: Fields): readonly AgentRule[] {
  return toObjects(request['permission_suggestions']);
}

function parseObject(text: string): Fields {
  try {
    return asObject(JSON.parse(text));
  } catch {
    return {};
  }
}

export function asObject(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

function toObjects(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value.map(asObject) : [];
}

export function toText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

export function toTextOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function toWhole(value: unknown): number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : 0;
}
