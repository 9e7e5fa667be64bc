import { Type, type TSchema } from 'typebox';
import { AGENTS } from '../core/model/agent.ts';
import { SOURCES } from '../core/model/request.ts';
import { WORKSPACE_PATTERN } from '../core/model/workspace.ts';

const oneOf = (values: readonly string[], description: string) => Type.String({ enum: [...values], description });
const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const instant = (description: string) => Type.Integer({ description: `${description}, in epoch milliseconds` });
const duration = (description: string) => Type.Integer({ minimum: 0, description: `${description}, in milliseconds` });

export const Workspace = Type.String({
  pattern: WORKSPACE_PATTERN,
  description:
    'A named directory in which an agent works: 1 to 63 letters, digits, _ and -, beginning with a letter or digit.',
  examples: ['demo'],
});

export const ExecuteBody = Type.Object(
  {
    workspace: Workspace,
    command: Type.String({
      minLength: 1,
      description:
        'The prompt, at most 262,144 bytes of UTF-8. CRLF and CR become LF; control characters but line feed and tab are stripped.',
      examples: ['Say hello'],
    }),
    chatId: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 256,
        description: 'Where the caller asks from; kept with the request. Default: http-api.',
      }),
    ),
    timeoutMs: Type.Optional(
      Type.Integer({
        minimum: 1_000,
        maximum: 86_400_000,
        description: 'How long the turn may take, in milliseconds, from its start.',
      }),
    ),
    priority: Type.Optional(
      oneOf(['high', 'normal', 'background'], 'High before normal before background. Default: normal.'),
    ),
    agent: Type.Optional(oneOf(AGENTS, 'The agent of a new workspace. Default: DEFAULT_AGENT.')),
    replyTo: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 512,
        description: 'An address that the answer is owed to; kept with the request.',
      }),
    ),
  },
  { additionalProperties: false },
);

export const Accepted = Type.Object({
  requestId: Type.String({ examples: ['req-mb1x2c3d-8f2k…'] }),
  workspace: Workspace,
  status: oneOf(
    ['queued', 'running', 'completed', 'failed', 'timed_out', 'cancelled'],
    'queued; a replayed request shows where it stands.',
  ),
  message: Type.String(),
});

export const RequestParams = Type.Object({ requestId: Type.String({ minLength: 1, maxLength: 128 }) });
export const WorkspaceParams = Type.Object({ workspace: Workspace });

export const Status = Type.Object({
  requestId: Type.String(),
  workspace: Workspace,
  sessionName: Type.String({ description: 'The name of the tmux session.' }),
  agent: oneOf(AGENTS, 'The agent that runs it.'),
  source: oneOf(SOURCES, 'Where the request came in.'),
  priority: oneOf(['interactive', 'high', 'normal', 'background'], 'Its class in the queue.'),
  state: oneOf(
    ['queued', 'running', 'completed', 'failed', 'timed_out', 'cancelled'],
    'Where the request stands; the last four are ends.',
  ),
  phase: nullable(oneOf(['preparing', 'submitting', 'working', 'waiting_approval'], 'Where a running request stands.')),
  reason: nullable(Type.String({ description: 'Why it did not complete; from a closed list.' })),
  retryable: nullable(Type.Boolean({ description: 'Whether sending it again is sensible.' })),
  error: nullable(Type.String({ description: 'What went wrong and what to do, for people.' })),
  createdAt: instant('When it was accepted'),
  startedAt: nullable(instant('When its turn began')),
  completedAt: nullable(instant('When it ended')),
  elapsed: duration('Time since it was accepted'),
  duration: duration('Time from its acceptance to its end, or until now'),
  position: nullable(Type.Integer({ minimum: 1, description: '1: next in the queue of its session.' })),
  estimatedCompletionAt: nullable(instant('When it is likely to end')),
  retries: Type.Integer({ minimum: 0, description: 'Starts beyond the first one.' }),
  output: Type.Object({
    available: Type.Boolean(),
    bytes: Type.Integer({ minimum: 0 }),
    text: Type.Optional(
      Type.String({ description: 'The answer, up to 64 kB; a longer one is at /status/{requestId}/output.' }),
    ),
  }),
  usage: nullable(Type.Object({ inputTokens: Type.Integer(), outputTokens: Type.Integer() })),
  approvals: Type.Array(Type.Object({}, { additionalProperties: true })),
  deliveries: Type.Array(Type.Object({}, { additionalProperties: true })),
});

export const Session = Type.Object({
  workspace: Workspace,
  sessionName: Type.String(),
  status: oneOf(
    ['starting', 'active', 'idle', 'asleep'],
    'active: a turn runs; asleep: no live agent, work resumes it.',
  ),
  agent: oneOf(AGENTS, 'Its agent.'),
  agentSessionId: nullable(Type.String({ description: "The agent's own id of the conversation." })),
  createdAt: instant('When it was created'),
  lastActivityAt: instant('When it last worked'),
  activeRequests: Type.Integer({ minimum: 0, description: 'Queued or running.' }),
  totalRequests: Type.Integer({ minimum: 0 }),
  age: duration('Time since it was created'),
});

export const SessionList = Type.Object({ sessions: Type.Array(Session), total: Type.Integer({ minimum: 0 }) });

export const CreateSessionBody = Type.Object(
  { workspace: Workspace, agent: Type.Optional(oneOf(AGENTS, 'Default: DEFAULT_AGENT.')) },
  { additionalProperties: false },
);

export const DeletedSession = Type.Object({ workspace: Workspace, status: oneOf(['deleted'], 'Always deleted.') });

const Check = Type.Object({ healthy: Type.Boolean() }, { additionalProperties: true });

export const HealthDocument = Type.Object({
  status: oneOf(['healthy', 'degraded'], 'healthy: every check is.'),
  timestamp: Type.String({ format: 'date-time' }),
  checks: Type.Object({
    tmuxServer: Check,
    sessions: Check,
    filesystem: Check,
    gateway: Check,
    store: Check,
    agent: Check,
  }),
});

export const Probe = Type.Object({ status: Type.String() });

export const ProblemDocument = Type.Object({
  type: Type.String(),
  title: Type.String(),
  status: Type.Integer(),
  detail: Type.String({ description: 'What is wrong and what to do.' }),
  error: Type.String(),
  code: Type.String(),
  field: Type.Optional(Type.String({ description: 'The field that is wrong.' })),
});
