import { Type, type Static } from 'typebox';
import {
  CALLER_PRIORITIES,
  REQUEST_STATES,
  SOURCES,
  type Priority,
  type RequestState,
  type Source,
} from '../../../core/model/request.ts';
import { WORKSPACE_PATTERN } from '../../../core/model/workspace.ts';
import { closed, component, enumOf, replyTo } from '../../answers/schema-parts.ts';

/** A person waits at a WebSocket only. */
export const TASK_ID_MAX = 255;

const text = (description: string, example: string) => Type.String({ description, examples: [example] });
const count = (description: string) => Type.Integer({ minimum: 0, description, examples: [3] });
const nullableText = (description: string) => Type.Union([Type.String(), Type.Null()], { description });
const workspace = Type.String({ pattern: WORKSPACE_PATTERN, description: 'BOT_WORKSPACE.', examples: ['bot'] });

export const TaskBody = Type.Object(
  {
    task_id: Type.String({
      minLength: 1,
      maxLength: TASK_ID_MAX,
      description:
        'Your own id of the task: sending it again within 24 h answers the first request instead of making another.',
      examples: ['TASK-002-011'],
    }),
    command: Type.String({
      minLength: 1,
      description: 'The prompt, handed to the agent exactly as written; at most 262,144 bytes of UTF-8.',
      examples: ['Run the tests and fix what fails.'],
    }),
    priority: Type.Optional(
      Type.Unsafe<Priority>({
        type: 'string',
        enum: [...CALLER_PRIORITIES],
        description: 'Higher ones start before lower ones; `normal` when absent.',
        examples: ['normal'],
      }),
    ),
    replyTo: Type.Optional(replyTo),
  },
  closed,
);

export const AcceptedTask = component(
  'AcceptedTask',
  Type.Object(
    {
      status: Type.Unsafe<RequestState>({
        type: 'string',
        enum: [...REQUEST_STATES],
        description: '`queued`, or for a replay the current state.',
      }),
      task_id: text('As it was sent.', 'TASK-002-011'),
      requestId: text('Names the request: see `/status/{requestId}`.', 'req-mjv3k2a0-4f6Qm8Zr'),
      workspace,
      source: Type.Unsafe<Source>({ type: 'string', enum: [...SOURCES], description: 'Where the request came in.' }),
      message: text('For people.', 'Task queued for execution'),
    },
    { ...closed, description: 'A task that is on disk.' },
  ),
);

export const BOT_STATUSES = ['idle', 'busy', 'stopping'] as const;

export const BotStatus = component(
  'BotStatus',
  Type.Object(
    {
      status: enumOf(BOT_STATUSES, {
        description: '`busy`: a turn runs or tasks wait. `stopping`: or just starting; it takes none.',
      }),
      uptime: Type.Integer({ minimum: 0, description: 'Of the gateway (milliseconds).', examples: [4200] }),
      tasks_processed: count('Tasks that ended, from every source, since the session of the workspace was created.'),
      tasks_waiting: count('Tasks that are queued.'),
      current_task: nullableText('The `task_id` of the task that runs, or its request’s id where it has none.'),
      current_request_id: nullableText('The id of the request that runs.'),
      current_source: Type.Unsafe<Source | null>({
        anyOf: [{ type: 'string', enum: [...SOURCES] }, { type: 'null' }],
        description: 'Where it came in.',
      }),
      workspace,
    },
    { ...closed, description: 'What the bot does.' },
  ),
);

export type BotStatusDocument = Static<typeof BotStatus>;
