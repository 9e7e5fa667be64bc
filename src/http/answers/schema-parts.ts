import { Type, type TSchema } from 'typebox';
import { AGENTS } from '../../core/model/agent.ts';
import type { Reason } from '../../core/model/request.ts';
import { WORKSPACE_PATTERN } from '../../core/model/workspace.ts';
import { PAUSE_REASONS } from '../../core/ports/gateway/requests.ts';

export const closed = { additionalProperties: false } as const;

/** A schema that `components.schemas` of the OpenAPI document holds under its name, and answers refer to. */
export interface Component {
  readonly $id: string;
}

export function component<T extends TSchema>(name: string, schema: T): T & Component {
  return { ...schema, $id: name };
}

export function nullable<T extends TSchema>(schema: T, description: string) {
  return Type.Union([schema, Type.Null()], { description });
}

export function enumOf<const T extends readonly string[]>(
  values: T,
  options: { description?: string; examples?: T[number][] } = {},
) {
  return Type.Unsafe<T[number]>({ type: 'string', enum: [...values], ...options });
}

export const instant = (description: string) =>
  Type.Integer({ minimum: 0, description: `${description} (epoch milliseconds)`, examples: [1767225600000] });
export const milliseconds = (description: string) =>
  Type.Integer({ minimum: 0, description: `${description} (milliseconds)`, examples: [4200] });

/** A query is text, and its conversion cuts 1.5 to an integer 1: this way it is refused. */
export function wholeInQuery(options: { minimum: number; maximum: number; description: string; examples: number[] }) {
  return Type.Number({ multipleOf: 1, ...options });
}

export const instantInQuery = (description: string) =>
  Type.Optional(
    wholeInQuery({
      minimum: 0,
      maximum: 8_640_000_000_000_000,
      description: `${description} (epoch milliseconds).`,
      examples: [1767225600000],
    }),
  );

export const workspace = Type.String({
  pattern: WORKSPACE_PATTERN,
  description: 'Name of the directory in which the agent works: letters, digits, _ and -, at most 63 characters.',
  examples: ['project-a'],
});
export const agent = enumOf(AGENTS, { description: 'The program that does the work.', examples: ['claude'] });

export const PHASES = ['preparing', 'submitting', 'working', 'waiting_approval'] as const;
// A record, so that a reason which is missing here does not compile.
const REASONS: Readonly<Record<Reason, true>> = {
  agent_exited: true,
  agent_error: true,
  agent_unavailable: true,
  usage_limited: true,
  auth_expired: true,
  submission_rejected: true,
  submission_unknown: true,
  prompt_refused: true,
  prompt_altered: true,
  model_refused: true,
  interrupted: true,
  answer_lost: true,
  host_restarted: true,
  session_deleted: true,
  hook_denied: true,
  workspace_invalid: true,
  internal: true,
  turn_timeout: true,
  queue_timeout: true,
};
export const REASON_NAMES = Object.keys(REASONS);
const reason = Type.Unsafe<Reason>({ type: 'string', enum: REASON_NAMES });
export const requestId = Type.String({ description: 'Names the request.', examples: ['req-mjv3k2a0-4f6Qm8Zr'] });

/** Why no request of an agent is started for now. */
export const pause = Type.Object(
  {
    reason: enumOf(PAUSE_REASONS),
    message: Type.String({ description: 'What the agent said.' }),
    since: instant('When the pause began'),
    nextProbeAt: instant('When the agent is asked again'),
  },
  closed,
);

/** How far a request has come. */
export const progress = {
  phase: nullable(enumOf(PHASES), 'Where a running request stands; null otherwise.'),
  reason: nullable(reason, 'Why the request did not complete; null otherwise.'),
  retryable: nullable(Type.Boolean(), 'Whether sending it again is sensible; null unless it did not complete.'),
  error: nullable(Type.String(), 'What went wrong and what to do, for people.'),
  createdAt: instant('When it was accepted'),
  startedAt: nullable(Type.Integer(), 'When its turn started (epoch milliseconds).'),
  completedAt: nullable(Type.Integer(), 'When it ended (epoch milliseconds).'),
} as const;

export const sessionName = Type.String({ description: 'The tmux session.', examples: ['claude-project-a'] });

/** The longest address: `webhook:` and a URL of 2,048 characters. */
export const replyTo = Type.String({
  minLength: 1,
  maxLength: 2056,
  description:
    'An address that is told of the end, with the answer: `webhook:https://…`, signed with WEBHOOK_SECRET; or all along: `telegram:<chat>`, `telegram:<chat>:<topic>`, `discord:<channel or thread>`, a bare id for the first network that is configured. What became of it: `deliveries` of the status.',
  examples: ['webhook:https://example.org/hook', 'telegram:-1001234567890:42'],
});

/** Of a WebSocket, where headers cannot be set. */
export const ticket = Type.Optional(
  Type.String({ maxLength: 100, description: 'As answered by POST /stream-tickets, instead of a key.' }),
);

export const WorkspaceParams = Type.Object({ workspace });
/** Fastify validates an absent body as null. */
export const EmptyBody = Type.Union([Type.Object({}, closed), Type.Null()]);

export const ifNoneMatch = Type.Optional(
  Type.String({ description: 'The `ETag` of the answer that you have.', examples: ['W/"0a1b2c"'] }),
);
export const TaggedHeaders = Type.Object({ 'if-none-match': ifNoneMatch });

export const traceparent = Type.Optional(
  Type.String({
    description:
      'The trace of the caller (W3C): webhooks, hooks and the commands of the agent get it; one that is malformed is as if it were not there.',
    examples: ['00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'],
  }),
);
