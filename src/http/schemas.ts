import { Type, type Static, type TSchema } from 'typebox';
import { AGENTS } from '../core/model/agent.ts';
import { PRIORITIES, SOURCES, type Reason } from '../core/model/request.ts';
import { WORKSPACE_PATTERN } from '../core/model/workspace.ts';

const closed = { additionalProperties: false } as const;

function nullable<T extends TSchema>(schema: T, description: string) {
  return Type.Union([schema, Type.Null()], { description });
}

function enumOf<const T extends readonly string[]>(
  values: T,
  options: { description?: string; examples?: T[number][] } = {},
) {
  return Type.Unsafe<T[number]>({ type: 'string', enum: [...values], ...options });
}

const instant = (description: string) =>
  Type.Integer({ minimum: 0, description: `${description} (epoch milliseconds)`, examples: [1767225600000] });
const milliseconds = (description: string) =>
  Type.Integer({ minimum: 0, description: `${description} (milliseconds)`, examples: [4200] });

const workspace = Type.String({
  pattern: WORKSPACE_PATTERN,
  description: 'Name of the directory in which the agent works: letters, digits, _ and -, at most 63 characters.',
  examples: ['project-a'],
});
const agent = enumOf(AGENTS, { description: 'The program that does the work.', examples: ['claude'] });

export const WorkspaceParams = Type.Object({ workspace });
export const RequestParams = Type.Object({
  requestId: Type.String({
    minLength: 1,
    maxLength: 200,
    description: 'As answered by POST /execute.',
    examples: ['req-mjv3k2a0-4f6Qm8Zr'],
  }),
});

export const ExecuteBody = Type.Object(
  {
    workspace,
    command: Type.String({
      minLength: 1,
      description: 'The prompt, handed to the agent exactly as written; at most 262,144 bytes of UTF-8.',
      examples: ['Run the tests and fix what fails.'],
    }),
    chatId: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 256,
        description: 'Your own name for the conversation, passed on to hooks and records; `http-api` when absent.',
        examples: ['nightly-build'],
      }),
    ),
    timeoutMs: Type.Optional(
      Type.Integer({
        minimum: 1000,
        maximum: 86_400_000,
        description: 'Longest time from the start of the turn to its end (milliseconds, 1 s to 24 h).',
        examples: [600000],
      }),
    ),
    priority: Type.Optional(
      enumOf(['high', 'normal', 'background'], {
        description: 'Higher ones start before lower ones of the same session; `normal` when absent.',
        examples: ['normal'],
      }),
    ),
    agent: Type.Optional(agent),
    replyTo: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 512,
        description: 'An address for the answer. It is kept with the request; this version delivers nothing yet.',
        examples: ['telegram:12345'],
      }),
    ),
  },
  closed,
);

export const CreateSessionBody = Type.Object({ workspace, agent: Type.Optional(agent) }, closed);
/** Fastify validates an absent body as null. */
export const EmptyBody = Type.Union([Type.Object({}, closed), Type.Null()]);
export const DeleteQuery = Type.Object(
  {
    force: Type.Optional(
      Type.Boolean({ description: 'Ends active requests with the reason `session_deleted`.', examples: [true] }),
    ),
  },
  closed,
);

const preferHeader = Type.Optional(
  Type.String({
    description: '`wait=N`: answer when the request has ended, at the latest after N seconds (at most 60).',
    examples: ['wait=30'],
  }),
);
export const WaitHeaders = Type.Object({ prefer: preferHeader });
export const ExecuteHeaders = Type.Object({
  prefer: preferHeader,
  'idempotency-key': Type.Optional(
    Type.String({
      pattern: '^[\\x21-\\x7e]{1,255}$',
      description:
        'Your own id of this request: sending it again within 24 h answers the first request instead of making another.',
      examples: ['2026-01-01-nightly'],
    }),
  ),
});

const STATES = ['queued', 'running', 'completed', 'failed', 'timed_out', 'cancelled'] as const;
const PHASES = ['preparing', 'submitting', 'working', 'waiting_approval'] as const;
// A record, so that a reason which is missing here does not compile.
const REASONS: Readonly<Record<Reason, true>> = {
  agent_exited: true,
  agent_error: true,
  agent_unavailable: true,
  usage_limited: true,
  auth_expired: true,
  submission_rejected: true,
  submission_unknown: true,
  interrupted: true,
  host_restarted: true,
  session_deleted: true,
  hook_denied: true,
  workspace_invalid: true,
  internal: true,
  turn_timeout: true,
  queue_timeout: true,
};
const reason = Type.Unsafe<Reason>({ type: 'string', enum: Object.keys(REASONS) });
const requestId = Type.String({ description: 'Names the request.', examples: ['req-mjv3k2a0-4f6Qm8Zr'] });
const sessionName = Type.String({ description: 'The tmux session.', examples: ['claude-project-a'] });

export const Accepted = Type.Object(
  {
    requestId,
    workspace,
    status: enumOf(STATES, { description: '`queued`, or for a replay or after a wait the current state.' }),
    message: Type.String({ description: 'For people.', examples: ['Command queued for execution'] }),
  },
  { ...closed, description: 'A request that is on disk.' },
);

export const Status = Type.Object(
  {
    requestId,
    workspace,
    sessionName,
    agent,
    source: enumOf(SOURCES, { description: 'Where the request came in.' }),
    priority: enumOf(PRIORITIES, { description: 'Class of the request.' }),
    state: enumOf(STATES, { description: 'A request ends in exactly one of the last four.', examples: ['completed'] }),
    phase: nullable(enumOf(PHASES), 'Where a running request stands; null otherwise.'),
    reason: nullable(reason, 'Why the request did not complete; null otherwise.'),
    retryable: nullable(Type.Boolean(), 'Whether sending it again is sensible; null unless it did not complete.'),
    error: nullable(Type.String(), 'What went wrong and what to do, for people.'),
    createdAt: instant('When it was accepted'),
    startedAt: nullable(Type.Integer(), 'When its turn started (epoch milliseconds).'),
    completedAt: nullable(Type.Integer(), 'When it ended (epoch milliseconds).'),
    elapsed: milliseconds('From its acceptance to now'),
    duration: milliseconds('From its acceptance to its end, or to now'),
    position: nullable(
      Type.Integer({ minimum: 1 }),
      'Place in the queue of its session, 1 for the next; null unless queued.',
    ),
    pause: nullable(
      Type.Object(
        {
          reason: Type.Unsafe<'usage_limited' | 'auth_expired'>({
            type: 'string',
            enum: ['usage_limited', 'auth_expired'],
          }),
          message: Type.String({ description: 'What the agent said.' }),
          since: instant('When the pause began'),
          nextProbeAt: instant('When the agent is asked again'),
        },
        closed,
      ),
      'Why the queue stands still while the account of the agent can do nothing; it goes on by itself. Null otherwise.',
    ),
    estimatedCompletionAt: nullable(Type.Integer(), 'Expected end (epoch milliseconds); null when unknown.'),
    retries: Type.Integer({ minimum: 0, description: 'Starts beyond the first.', examples: [0] }),
    output: Type.Object(
      {
        available: Type.Boolean({ description: 'Whether there is text, also a partial one.' }),
        bytes: Type.Integer({ minimum: 0, description: 'Length of the text in UTF-8.', examples: [2] }),
        text: Type.Optional(Type.String({ description: 'The text, up to 65,536 bytes.', examples: ['ok'] })),
      },
      { ...closed, description: 'The answer.' },
    ),
    usage: nullable(
      Type.Object(
        {
          inputTokens: Type.Integer({ minimum: 0, description: 'Tokens read.' }),
          outputTokens: Type.Integer({ minimum: 0, description: 'Tokens written.' }),
        },
        closed,
      ),
      'Tokens of the turn; null when the agent does not report them, as Claude Code in a terminal.',
    ),
    approvals: Type.Array(Type.Object({}), { description: 'Permission prompts of the turn.' }),
    deliveries: Type.Array(Type.Object({}), { description: 'Messages owed to other addresses.' }),
  },
  { ...closed, description: 'All that became of a request.' },
);

export const Session = Type.Object(
  {
    workspace,
    sessionName,
    agent,
    agentSessionId: nullable(Type.String(), "The agent's own id of the conversation; null before its first start."),
    status: enumOf(['starting', 'active', 'idle', 'asleep'], {
      description: '`active`: a turn runs. `asleep`: without a live agent; work resumes it.',
      examples: ['idle'],
    }),
    createdAt: instant('When it was created'),
    lastActivityAt: instant('When it last worked'),
    activeRequests: Type.Integer({ minimum: 0, description: 'Requests that are queued or running.', examples: [2] }),
    totalRequests: Type.Integer({ minimum: 0, description: 'Requests ever.', examples: [15] }),
    age: milliseconds('Since its creation'),
    attach: nullable(
      Type.String({ examples: ["tmux -L gatehouse-0123456789ab attach -t '=claude-project-a'"] }),
      'The line to type for attaching to its terminal; null while it is asleep.',
    ),
    attached: Type.Integer({ minimum: 0, description: 'People who are attached to its terminal.', examples: [0] }),
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
);

export const SessionList = Type.Object(
  {
    sessions: Type.Array(Type.Unsafe<SessionDocument>({ $ref: 'Session#' }), { description: 'All of them.' }),
    total: Type.Integer({ minimum: 0, description: 'How many.', examples: [1] }),
  },
  { ...closed, description: 'Sessions.' },
);

export const Deleted = Type.Object(
  { workspace, status: enumOf(['deleted'], { description: 'Always `deleted`.' }) },
  { ...closed, description: 'A session that is gone.' },
);

const check = (description: string) =>
  Type.Object(
    { healthy: Type.Boolean({ description: 'Whether it works.' }) },
    { additionalProperties: true, description },
  );

export const Health = Type.Object(
  {
    status: enumOf(['healthy', 'degraded'], { description: '`healthy` when every check is.' }),
    timestamp: Type.String({ format: 'date-time', description: 'ISO 8601.', examples: ['2026-01-01T10:30:00.000Z'] }),
    checks: Type.Object(
      {
        tmuxServer: check('The tmux server, with the count of its sessions.'),
        sessions: check('Sessions: `total`, `active` (a turn runs), `live` (with an agent), and `max` live ones.'),
        filesystem: check('The folders that must be writable.'),
        gateway: check('The gateway itself.'),
        store: check('The database.'),
        agent: check('Whether the agent is installed and has credentials.'),
      },
      { ...closed, description: 'One entry for each part.' },
    ),
  },
  { ...closed, description: 'The state of the gateway.' },
);

export const Probe = Type.Object(
  { status: enumOf(['ok', 'not_ready'], { description: '`ok`, or why not.' }) },
  { ...closed, description: 'The answer to a probe.' },
);

export const Problem = Type.Object(
  {
    type: Type.String({ description: 'Names the kind of problem.', examples: ['urn:gatehouse:problem:invalid_field'] }),
    title: Type.String({ description: 'The kind, for people.', examples: ['A field is wrong'] }),
    status: Type.Integer({ minimum: 400, maximum: 599, description: 'The HTTP status.', examples: [400] }),
    detail: Type.String({ description: 'What is wrong and what to do.', examples: ['missing: workspace'] }),
    code: Type.String({ description: 'The last part of `type`.', examples: ['invalid_field'] }),
    error: Type.String({ description: 'The same as `detail`.', examples: ['missing: workspace'] }),
    field: Type.Optional(Type.String({ description: 'The field that is wrong.', examples: ['workspace'] })),
    retryAfter: Type.Optional(
      Type.Integer({ minimum: 1, description: 'Seconds after which to try again.', examples: [10] }),
    ),
  },
  { ...closed, description: 'An RFC 9457 problem document.' },
);

export type StatusDocument = Static<typeof Status>;
export type SessionDocument = Static<typeof Session>;

/** What `components.schemas` of the OpenAPI document holds, by name. */
export const COMPONENTS = { Accepted, Status, Session, SessionList, Deleted, Health, Probe, Problem } as const;
