import { Type, type Static } from 'typebox';
import { SESSION_STATUSES } from '../../core/model/session.ts';
import { spent } from '../usage/usage-schemas.ts';
import {
  agent,
  closed,
  enumOf,
  instant,
  milliseconds,
  nullable,
  sessionName,
  workspace,
  component,
} from '../answers/schema-parts.ts';

export const CreateSessionBody = Type.Object({ workspace, agent: Type.Optional(agent) }, closed);
export const DeleteQuery = Type.Object(
  {
    force: Type.Optional(
      Type.Boolean({ description: 'Ends active requests with the reason `session_deleted`.', examples: [true] }),
    ),
  },
  closed,
);

export const Session = component(
  'Session',
  Type.Object(
    {
      workspace,
      sessionName,
      agent,
      agentSessionId: nullable(Type.String(), "The agent's own id of the conversation; null before its first start."),
      status: enumOf(SESSION_STATUSES, {
        description: '`active`: a turn runs. `asleep`: without a live agent; work resumes it.',
        examples: ['idle'],
      }),
      createdAt: instant('When it was created'),
      lastActivityAt: instant('When it last worked'),
      activeRequests: Type.Integer({ minimum: 0, description: 'Requests that are queued or running.', examples: [2] }),
      totalRequests: Type.Integer({ minimum: 0, description: 'Requests ever.', examples: [15] }),
      spent: Type.Object(spent, { ...closed, description: 'What its turns took.' }),
      age: milliseconds('Since its creation'),
      attach: nullable(
        Type.String({ examples: ["tmux -S /srv/gatehouse/data/tmux/server attach -t '=claude-project-a'"] }),
        'The line to type for attaching to its terminal; null while it is asleep.',
      ),
      attached: Type.Integer({ minimum: 0, description: 'People who are attached to its terminal.', examples: [0] }),
      permissionMode: nullable(
        Type.String({ examples: ['default'] }),
        'The permission mode that the agent is in now, as it names it. A person may have set another one at the terminal than CLAUDE_PERMISSION_MODE (or what an approval with `remember` set): the next request runs in that again. Null while it is asleep, and when it is not known.',
      ),
      process: nullable(
        Type.Object(
          {
            pid: Type.Integer({ minimum: 0, description: 'Of the agent.' }),
            processes: Type.Integer({ minimum: 0, description: 'The agent and all that it started.' }),
            memoryBytes: Type.Integer({ minimum: 0, description: 'Resident memory of all of them.' }),
            cpuMs: milliseconds('Processor time of all of them'),
            startedAt: instant('When the agent was started'),
          },
          closed,
        ),
        'What the live agent takes of the machine; null while it is asleep.',
      ),
    },
    { ...closed, description: 'The one conversation of a workspace.' },
  ),
);

export const SessionList = component(
  'SessionList',
  Type.Object(
    {
      sessions: Type.Array(Type.Unsafe<SessionDocument>({ $ref: 'Session#' }), { description: 'All of them.' }),
      total: Type.Integer({ minimum: 0, description: 'How many.', examples: [1] }),
    },
    { ...closed, description: 'Sessions.' },
  ),
);

export const Deleted = component(
  'Deleted',
  Type.Object(
    { workspace, status: enumOf(['deleted'], { description: 'Always `deleted`.' }) },
    { ...closed, description: 'A session that is gone.' },
  ),
);

export type SessionDocument = Static<typeof Session>;
