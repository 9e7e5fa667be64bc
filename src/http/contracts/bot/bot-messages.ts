import { GatewayError } from '../../../core/model/errors.ts';
import type { EventRecord, EventType } from '../../../core/model/event.ts';
import { PRIORITIES, type RequestRecord, type Source } from '../../../core/model/request.ts';
import { createProblem, ProblemError, type Problem } from '../../answers/problem.ts';
import { TASK_ID_MAX } from './bot-schemas.ts';
import type { BotTask } from './bot-submission.ts';
import { parseJson } from '../../answers/json/parse-json.ts';

/** What the gateway says. Every frame has these, and says beside them what it knows. */
export interface BotFrame {
  readonly type: 'accepted' | 'progress' | 'result' | 'error';
  /** For people; of a result, the answer. */
  readonly content: string;
  readonly success: boolean;
  /** Of the request: `bot` for a task that came over HTTP before. */
  readonly source: Source;
  /** Null: the client gave none. */
  readonly task_id: string | null;
  readonly [detail: string]: unknown;
}

/** Names of the one message that a client may send. */
const TYPES = ['task', 'command'];

/** Of any frame that names one, so that its sender knows which was refused. */
export function findTaskId(text: string): string | null {
  try {
    const { task_id: id } = parseObject(text);
    return typeof id === 'string' && id.length <= TASK_ID_MAX ? id : null;
  } catch {
    return null;
  }
}

/** @throws GatewayError `invalid_field`, ProblemError `malformed_json` */
export function parseTask(text: string): BotTask {
  const { type, command, task_id: taskId, priority, traceparent, ...others } = parseObject(text);
  if (typeof type !== 'string') throw wrong('type', 'type is missing: send "task"');
  if (!TYPES.includes(type)) throw wrong('type', `type is unknown: send "task"`);
  if (typeof command !== 'string') throw wrong('command', 'command is missing: send the prompt as text');
  const id = taskId ?? null;
  if (id !== null && (typeof id !== 'string' || id === '' || id.length > TASK_ID_MAX)) {
    throw wrong('task_id', `task_id is text of 1 to ${TASK_ID_MAX} characters`);
  }
  const wanted = PRIORITIES.find((known) => known === priority);
  if (priority !== undefined && wanted === undefined) {
    throw wrong('priority', `priority is one of ${PRIORITIES.join(', ')}`);
  }
  if (traceparent !== undefined && typeof traceparent !== 'string') throw wrong('traceparent', 'traceparent is text');
  const [unknown] = Object.keys(others);
  if (unknown !== undefined)
    throw wrong(unknown, `${unknown} is unknown: there are type, command, task_id, priority, traceparent`);
  return { taskId: id, command, priority: wanted, traceparent };
}

function parseObject(text: string): Readonly<Record<string, unknown>> {
  let value: unknown = null;
  try {
    value = parseJson(text);
  } catch {
    throw new ProblemError(createProblem('malformed_json', 'the frame is not valid JSON'));
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  throw new GatewayError('invalid_field', 'the frame is no JSON object');
}

function wrong(field: string, message: string): GatewayError {
  return new GatewayError('invalid_field', message, { field });
}

export function toAccepted(request: RequestRecord, taskId: string | null): BotFrame {
  const { state, workspace, priority } = request;
  const content = state === 'queued' ? 'Task queued for execution' : `Task accepted; it is ${state}`;
  return { ...toHead('accepted', content, true, request, taskId), state, workspace, priority };
}

/** What is worth telling of a task that runs. Its end is told by the result. */
const PROGRESS: Readonly<Partial<Record<EventType, string>>> = {
  'request.started': 'Preparing the agent',
  'request.submitting': 'Handing the task to the agent',
  'request.working': 'The agent works',
  'request.requeued': 'Queued again',
  'request.cancel_asked': 'Cancel asked',
  'agent.retrying': 'The agent cannot reach its model and tries again',
  'approval.opened': 'The agent waits for an approval',
  'approval.allowed': 'Allowed: the agent goes on',
  'approval.denied': 'Denied: the agent is told',
  'approval.expired': 'Nobody decided in time: the agent is told',
};

/** Null: nothing to tell. */
export function toProgress(event: EventRecord, request: RequestRecord, taskId: string | null): BotFrame | null {
  const content = PROGRESS[event.type];
  if (content === undefined) return null;
  return { ...toHead('progress', content, true, request, taskId), event: event.type, seq: event.seq };
}

export function toResult(request: RequestRecord, taskId: string | null): BotFrame {
  const { state, reason, retryable, error, text, startedAt, completedAt } = request;
  const content = text ?? error ?? '';
  const head = toHead('result', content, state === 'completed', request, taskId);
  return { ...head, state, reason, retryable, error, startedAt, completedAt };
}

export function toError(problem: Problem, taskId: string | null): BotFrame {
  const { detail, code, field = null, retryAfter = null } = problem;
  return { type: 'error', content: detail, success: false, source: 'ws', task_id: taskId, code, field, retryAfter };
}

function toHead(
  type: BotFrame['type'],
  content: string,
  success: boolean,
  { id, source }: RequestRecord,
  taskId: string | null,
): BotFrame {
  return { type, content, success, source, task_id: taskId, requestId: id };
}
