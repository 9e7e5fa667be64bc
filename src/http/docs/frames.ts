import type { EventType } from '../../core/model/event.ts';
import { PRIORITIES, REQUEST_STATES, SOURCES } from '../../core/model/request.ts';
import { REASON_NAMES } from '../answers/schema-parts.ts';

// A record, so that a type which is missing here does not compile.
const EVENT_TYPES: Readonly<Record<EventType, true>> = {
  'request.queued': true,
  'request.moved': true,
  'request.changed': true,
  'request.started': true,
  'request.submitting': true,
  'request.working': true,
  'request.requeued': true,
  'request.cancel_asked': true,
  'request.left': true,
  'request.completed': true,
  'request.failed': true,
  'request.timed_out': true,
  'request.cancelled': true,
  'usage.noted': true,
  'session.created': true,
  'session.started': true,
  'session.slept': true,
  'session.deleted': true,
  'session.moved': true,
  'agent.paused': true,
  'agent.resumed': true,
  'agent.retrying': true,
  'agent.continued': true,
  'agent.woken': true,
  'agent.said': true,
  'tool.started': true,
  'tool.ended': true,
  'approval.opened': true,
  'approval.allowed': true,
  'approval.denied': true,
  'approval.expired': true,
  'delivery.sent': true,
  'delivery.refused': true,
  'delivery.given_up': true,
  'quick.started': true,
  'quick.expired': true,
  'quick.deleted': true,
  'person.prompted': true,
  'schedule.fired': true,
  'other.prompted': true,
  'composer.cleared': true,
  'enter.repeated': true,
  'turn.unasked': true,
  'mode.set_back': true,
  'conversation.lost': true,
};

export const BOT_TASK_TYPES = ['task', 'command'];
export const BOT_FRAME_TYPES = ['accepted', 'progress', 'result', 'error'];
export const QUICK_FRAME_TYPES = ['connected', 'statusChange', 'assistantText', 'toolUse', 'result', 'error'];
export const TERMINAL_ENDS = ['session_ended', 'detached'];

const text = (description: string) => ({ type: 'string', description });
const textOrNull = (description: string) => ({ type: ['string', 'null'], description });
const orNull = (schema: object, description: string) => ({ anyOf: [schema, { type: 'null' }], description });
const whole = (description: string) => ({ type: 'integer', minimum: 0, description });
const only = (value: string) => ({ type: 'string', enum: [value] });

/** A closed object of which every field is there unless it is named as optional. */
function frame(description: string, properties: Readonly<Record<string, object>>, optional: readonly string[] = []) {
  const required = Object.keys(properties).filter((name) => !optional.includes(name));
  return { type: 'object', description, required, properties, additionalProperties: false };
}

const size = {
  columns: { type: 'integer', minimum: 60, maximum: 500 },
  rows: { type: 'integer', minimum: 21, maximum: 200 },
};
const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });

/** What goes over WebSockets and streams: text frames, each a JSON object. */
export const FRAMES: Readonly<Record<string, object>> = {
  EventType: {
    type: 'string',
    enum: Object.keys(EVENT_TYPES),
    description: 'What happened. Later versions may know more.',
  },
  Event: frame('A frame of `/stream`, and the `data` of a server-sent event: docs/streams.md says what `data` holds.', {
    seq: whole('Rises with each event, without reuse: go on behind it with `after`.'),
    type: ref('EventType'),
    requestId: textOrNull('The request that it tells of.'),
    workspace: text('The workspace that it tells of; empty for all.'),
    at: whole('When it happened (epoch milliseconds).'),
    data: { type: 'object', additionalProperties: true, description: 'What it tells, by its type.' },
  }),
  BotTaskFrame: frame(
    'What a client of `/ws` sends.',
    {
      type: { type: 'string', enum: BOT_TASK_TYPES },
      command: text('The prompt.'),
      task_id: textOrNull('Your own id.'),
      priority: { type: 'string', enum: [...PRIORITIES] },
      traceparent: text('The trace that it belongs to (W3C).'),
    },
    ['task_id', 'priority', 'traceparent'],
  ),
  BotFrame: {
    type: 'object',
    description: 'What the gateway says on `/ws`; docs/bot-server.md says which `type` has what.',
    required: ['type', 'content', 'success', 'timestamp', 'source', 'task_id'],
    properties: {
      type: { type: 'string', enum: BOT_FRAME_TYPES },
      content: text('For people; of a result, the answer.'),
      success: { type: 'boolean', description: 'Whether it went well so far.' },
      timestamp: { type: 'string', format: 'date-time', description: 'When it was said (ISO 8601).' },
      source: { type: 'string', enum: [...SOURCES], description: 'Where the request came in.' },
      task_id: textOrNull('As the client sent it.'),
      requestId: text('Of all but errors.'),
      state: { type: 'string', enum: [...REQUEST_STATES], description: 'Of `accepted` and `result`.' },
      workspace: text('Of `accepted`.'),
      priority: { type: 'string', enum: [...PRIORITIES], description: 'Of `accepted`.' },
      event: { ...ref('EventType'), description: 'Of `progress`.' },
      seq: whole('Of `progress`: of its event.'),
      reason: orNull({ type: 'string', enum: REASON_NAMES }, 'Of `result`: why it did not complete.'),
      retryable: orNull({ type: 'boolean' }, 'Of `result`: whether sending it again is sensible.'),
      error: textOrNull('Of `result`: what went wrong, for people.'),
      startedAt: orNull({ type: 'integer' }, 'Of `result`: when its turn started (epoch milliseconds).'),
      completedAt: orNull({ type: 'integer' }, 'Of `result`: when it ended (epoch milliseconds).'),
      code: { ...ref('ProblemCode'), description: 'Of `error`.' },
      field: textOrNull('Of `error`: what was wrong.'),
      retryAfter: orNull({ type: 'integer' }, 'Of `error`: seconds after which to try again.'),
    },
    additionalProperties: true,
  },
  QuickInputFrame: frame(
    'What a client of `/quick/ws/sessions/{id}` sends.',
    {
      type: only('user_input'),
      content: text('The message.'),
      traceparent: text('The trace that it belongs to (W3C).'),
    },
    ['traceparent'],
  ),
  QuickFrame: frame(
    'What the gateway says on `/quick/ws/sessions/{id}`: docs/quick.md.',
    {
      type: { type: 'string', enum: QUICK_FRAME_TYPES },
      content: text('Of `assistantText`, `result` and `error`.'),
      data: { type: 'object', additionalProperties: true, description: 'Of `statusChange`, `toolUse` and `result`.' },
      seq: whole('Of the event that it tells of.'),
    },
    ['content', 'data', 'seq'],
  ),
  TerminalResizeFrame: frame('What a client of a terminal sends as text; keys are binary.', {
    type: only('resize'),
    ...size,
  }),
  TerminalFrame: {
    description: 'What the gateway says at a terminal as text; output is binary.',
    oneOf: [
      frame('The first one.', { type: only('opened'), readOnly: { type: 'boolean' }, ...size }),
      frame('Keys were handed to the terminal, where `confirm` asked for it.', {
        type: only('taken'),
        bytes: whole('Of all keys since it opened.'),
      }),
      frame('The last one.', {
        type: only('exited'),
        reason: { type: 'string', enum: TERMINAL_ENDS },
      }),
    ],
  },
};

/** By the id of the operation that opens the connection: of the gateway, and of the client. */
export const FRAMES_OF: Readonly<Record<string, readonly string[]>> = {
  followRequest: ['Event'],
  openStream: ['Event'],
  joinBot: ['BotFrame', 'BotTaskFrame'],
  joinQuickSession: ['QuickFrame', 'QuickInputFrame'],
  openTerminal: ['TerminalFrame', 'TerminalResizeFrame'],
};
