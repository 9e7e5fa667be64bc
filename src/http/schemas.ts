import { Type, type Static } from 'typebox';
import { APPROVAL_STATES, PLAN_MODES } from '../core/model/approval.ts';
import { PRIORITIES, SOURCES } from '../core/model/request.ts';
import { TERMINAL_BOUNDS } from '../core/model/terminal.ts';
import { AcceptedTask, BotStatus } from './contracts/bot-schemas.ts';
import { RequestList, RequestSummary } from './request-list-schemas.ts';
import {
  agent,
  closed,
  enumOf,
  instant,
  milliseconds,
  nullable,
  PHASES,
  reason,
  requestId,
  STATES,
  wholeInQuery,
  workspace,
} from './schema-parts.ts';
import { StreamTicket, ticket } from './stream-schemas.ts';

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
export const ApprovalParams = Type.Object({
  id: Type.String({
    minLength: 1,
    maxLength: 200,
    description: 'As listed by GET /approvals.',
    examples: ['apr-mjv3k2a0-4f6Qm8Zr'],
  }),
});
const answers = (description: string) =>
  Type.Record(Type.String(), Type.Union([Type.String(), Type.Array(Type.String())]), {
    description,
    examples: [{ 'Which colour?': 'Blue' }],
  });
export const DecisionBody = Type.Object(
  {
    decision: enumOf(['allow', 'deny'], { description: 'A second one is answered 409.', examples: ['allow'] }),
    message: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 10_000,
        description: 'With `deny`: what the agent is told.',
        examples: ['Use the staging database.'],
      }),
    ),
    remember: Type.Optional(
      Type.Boolean({
        description: 'With `allow`: what the agent offers as a rule for this prompt holds for the rest of the session.',
        examples: [true],
      }),
    ),
    answers: Type.Optional(
      answers('With `allow` of a question, needed: to each question by its text, a label, several, or your own words.'),
    ),
    mode: Type.Optional(
      enumOf(PLAN_MODES, {
        description: 'With `allow` of a plan: edit files without asking, or `ask` for each (the default).',
        examples: ['accept_edits'],
      }),
    ),
  },
  closed,
);
export const ApprovalsQuery = Type.Object(
  {
    state: Type.Optional(enumOf(APPROVAL_STATES, { description: 'Only those in this state.', examples: ['open'] })),
    workspace: Type.Optional(Type.String({ description: 'Only those of this workspace.', examples: ['project-a'] })),
    requestId: Type.Optional(
      Type.String({ description: 'Only those of this request.', examples: ['req-mjv3k2a0-4f6Qm8Zr'] }),
    ),
    limit: Type.Optional(
      wholeInQuery({ minimum: 1, maximum: 1000, description: 'At most so many; 100 when absent.', examples: [100] }),
    ),
  },
  closed,
);
/** Fastify validates an absent body as null. */
export const EmptyBody = Type.Union([Type.Object({}, closed), Type.Null()]);
const side = (name: keyof typeof TERMINAL_BOUNDS.min) =>
  wholeInQuery({
    minimum: TERMINAL_BOUNDS.min[name],
    maximum: TERMINAL_BOUNDS.max[name],
    description: `Of the terminal; ${TERMINAL_BOUNDS.byDefault[name]} when absent.`,
    examples: [TERMINAL_BOUNDS.byDefault[name]],
  });
export const TerminalQuery = Type.Object(
  {
    write: Type.Optional(
      Type.Boolean({ description: 'Asks for keys to be taken; needs TERMINAL_WRITE_ENABLED.', examples: [true] }),
    ),
    columns: Type.Optional(side('columns')),
    rows: Type.Optional(side('rows')),
    ticket,
  },
  closed,
);
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

export const Approval = Type.Object(
  {
    id: Type.String({ description: 'Names the approval.', examples: ['apr-mjv3k2a0-4f6Qm8Zr'] }),
    state: enumOf(APPROVAL_STATES, {
      description: '`expired`: nobody decided in time, or the turn ended first.',
      examples: ['open'],
    }),
    kind: enumOf(['tool', 'question', 'plan'], {
      description: 'May a tool run, what is the answer to a question, may a plan be carried out.',
      examples: ['tool'],
    }),
    requestId: Type.String({ description: 'The request whose turn asks.', examples: ['req-mjv3k2a0-4f6Qm8Zr'] }),
    workspace,
    tool: Type.String({ description: 'The tool, as the agent names it.', examples: ['Bash'] }),
    input: Type.Object({}, { additionalProperties: true, description: 'What the tool is to be given.' }),
    subagent: nullable(Type.String(), "The agent's id of the subagent that asks; null for the agent itself."),
    canRemember: Type.Boolean({ description: 'Whether `remember` may be sent.', examples: [true] }),
    rules: Type.Array(Type.Object({}, { additionalProperties: true }), {
      description: "What `remember` would allow, in the agent's own form.",
    }),
    questions: nullable(
      Type.Array(
        Type.Object(
          {
            question: Type.String({ description: 'Its text, by which it is answered.' }),
            header: Type.String({ description: 'A word for it.' }),
            multiSelect: Type.Boolean({ description: 'Whether several options may be chosen.' }),
            options: Type.Array(
              Type.Object(
                {
                  label: Type.String({ description: 'The answer.' }),
                  description: Type.String({ description: 'What it means.' }),
                },
                closed,
              ),
              { description: 'What is offered; own words are allowed, too.' },
            ),
          },
          closed,
        ),
      ),
      'For kind `question`.',
    ),
    decision: nullable(
      enumOf(['allow', 'deny']),
      'What was decided here. While the state is `open`, it is on disk and about to be given.',
    ),
    message: nullable(Type.String(), 'What the agent is told with a denial.'),
    answers: nullable(answers('The answers that were given.'), 'For a question that was answered here.'),
    decidedBy: nullable(
      enumOf(['api', 'terminal', 'timeout', 'rule', 'turn_end']),
      'Who decided. `rule`: an earlier one with `remember`.',
    ),
    decidedAt: nullable(Type.Integer(), 'When it was decided (epoch milliseconds).'),
    createdAt: instant('When the agent asked'),
    expiresAt: instant('When it is denied if nobody decides'),
  },
  { ...closed, description: 'A permission prompt of an agent, and what became of it.' },
);

export const ApprovalList = Type.Object(
  {
    approvals: Type.Array(Type.Unsafe<ApprovalDocument>({ $ref: 'Approval#' }), { description: 'Newest first.' }),
    total: Type.Integer({ minimum: 0, description: 'How many there are, beyond the limit too.', examples: [1] }),
  },
  { ...closed, description: 'Approvals.' },
);

const sessionName = Type.String({ description: 'The tmux session.', examples: ['claude-project-a'] });

export const Accepted = Type.Object(
  {
    requestId,
    workspace,
    source: enumOf(SOURCES, { description: 'Where the request came in.' }),
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
    estimatedCompletionAt: nullable(
      Type.Integer(),
      'Expected end (epoch milliseconds), by the median of the last 20 completed turns of its workspace; null before the first of them and once it has ended.',
    ),
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
    approvals: Type.Array(Type.Unsafe<ApprovalDocument>({ $ref: 'Approval#' }), {
      description: 'Permission prompts of the turn, oldest first.',
    }),
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
export type ApprovalDocument = Static<typeof Approval>;
export type QuestionDocument = NonNullable<ApprovalDocument['questions']>[number];
export type SessionDocument = Static<typeof Session>;

/** What `components.schemas` of the OpenAPI document holds, by name. */
export const COMPONENTS = {
  Accepted,
  AcceptedTask,
  BotStatus,
  Approval,
  ApprovalList,
  RequestSummary,
  RequestList,
  StreamTicket,
  Status,
  Session,
  SessionList,
  Deleted,
  Health,
  Probe,
  Problem,
} as const;
