import { Type, type Static } from 'typebox';
import { ALTERATIONS } from '../../core/model/prompt.ts';
import {
  CALLER_PRIORITIES,
  CONVERSATION_LOSSES,
  PRIORITIES,
  REQUEST_STATES,
  SOURCES,
} from '../../core/model/request.ts';
import { IDEMPOTENCY_KEY } from '../answers/validation.ts';
import type { DeliveryDocument } from '../deliveries/delivery-schemas.ts';
import type { ApprovalDocument } from '../approvals/approval-schemas.ts';
import {
  ifNoneMatch,
  agent,
  closed,
  enumOf,
  milliseconds,
  nullable,
  pause,
  progress,
  requestId,
  sessionName,
  workspace,
  component,
  replyTo,
  traceparent,
} from '../answers/schema-parts.ts';

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
        description:
          'Your own name for the conversation, passed on to hooks and records; `http-api` when absent. A place in a chat, written as in `replyTo`, is told of the request.',
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
      enumOf(CALLER_PRIORITIES, {
        description: 'Higher ones start before lower ones of the same session; `normal` when absent.',
        examples: ['normal'],
      }),
    ),
    agent: Type.Optional(agent),
    replyTo: Type.Optional(replyTo),
  },
  closed,
);

const preferHeader = Type.Optional(
  Type.String({
    description: '`wait=N`: answer when the request has ended, at the latest after N seconds (at most 60).',
    examples: ['wait=30'],
  }),
);
export const WaitHeaders = Type.Object({ prefer: preferHeader, 'if-none-match': ifNoneMatch });
export const ExecuteHeaders = Type.Object({
  prefer: preferHeader,
  traceparent,
  'idempotency-key': Type.Optional(
    Type.String({
      pattern: IDEMPOTENCY_KEY,
      description:
        'Your own id of this request: sending it again within 24 h answers the first request instead of making another.',
      examples: ['2026-01-01-nightly'],
    }),
  ),
});

export const Accepted = component(
  'Accepted',
  Type.Object(
    {
      requestId,
      workspace,
      source: enumOf(SOURCES, { description: 'Where the request came in.' }),
      status: enumOf(REQUEST_STATES, { description: '`queued`, or for a replay or after a wait the current state.' }),
      message: Type.String({ description: 'For people.', examples: ['Command queued for execution'] }),
    },
    { ...closed, description: 'A request that is on disk.' },
  ),
);

const count = (description: string) => Type.Integer({ minimum: 0, description });

const spent = {
  inputTokens: count('Tokens read that no cache held.'),
  outputTokens: count('Tokens written.'),
  cacheReadTokens: count('Tokens read from a cache.'),
  cacheWriteTokens: count('Tokens read, and kept in a cache.'),
  costMicroUsd: nullable(
    Type.Integer({ minimum: 0 }),
    'Millionths of a US dollar, as the agent reckons them; null when it tells none.',
  ),
};

export const Status = component(
  'Status',
  Type.Object(
    {
      requestId,
      workspace,
      sessionName,
      agent,
      source: enumOf(SOURCES, { description: 'Where the request came in.' }),
      priority: enumOf(PRIORITIES, { description: 'Class of the request.' }),
      state: enumOf(REQUEST_STATES, {
        description: 'A request ends in exactly one of the last four.',
        examples: ['completed'],
      }),
      ...progress,
      prompt: Type.Object(
        {
          altered: Type.Boolean({
            description: 'Whether the agent gets another text than was sent.',
            examples: [false],
          }),
          how: Type.Array(enumOf(ALTERATIONS), {
            description:
              'By the gateway: `line_breaks` (CRLF and CR became LF), `controls_removed`, `end_trimmed` (white space at the end), `escaped` (a `\\\\` in front, so that a command is text), `space_in_front` (the same where it was pasted). By the agent: `tabs_expanded`, `composed` (to NFC), `invisible_removed`, `line_separators_replaced`, `tags_escaped` (a `\\\\` behind the `<` of a tag that is its own, as `<pasted_content>`).',
          }),
          text: Type.Optional(
            Type.String({ description: 'With `altered`: the text that the agent gets, up to 65,536 bytes.' }),
          ),
        },
        { ...closed, description: 'What became of the prompt on its way.' },
      ),
      conversationLost: nullable(
        enumOf(CONVERSATION_LOSSES, { examples: ['gone'] }),
        'The agent has the prompt in a new conversation, without what was said in this session before: the file of that one is `gone`, or holds none that the agent can read. Null otherwise.',
      ),
      elapsed: milliseconds('From its acceptance to now'),
      duration: milliseconds('From its acceptance to its end, or to now'),
      position: nullable(
        Type.Integer({ minimum: 1 }),
        'Place in the queue of its session, 1 for the next; null unless queued.',
      ),
      pause: nullable(
        pause,
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
            ...spent,
            models: Type.Array(
              Type.Object({ model: Type.String({ description: 'As the agent names it.' }), ...spent }, closed),
              { description: 'The same for each model that was asked; they sum to the whole.' },
            ),
          },
          closed,
        ),
        'What the turn took, by the agent’s own word: `claude-print` tells it, the transcript of Claude Code in a terminal holds it. Null when neither does.',
      ),
      usagePending: Type.Boolean({
        description:
          'Whether what the turn took is still to come: it is there, or known to be null, some 0.1 s behind the end, at most seconds. The event `usage.noted` tells of it.',
        examples: [false],
      }),
      approvals: Type.Array(Type.Unsafe<ApprovalDocument>({ $ref: 'Approval#' }), {
        description: 'Permission prompts of the turn, oldest first.',
      }),
      deliveries: Type.Array(Type.Unsafe<DeliveryDocument>({ $ref: 'Delivery#' }), {
        description: 'What is owed of it to addresses, oldest first.',
      }),
    },
    { ...closed, description: 'All that became of a request.' },
  ),
);

export type StatusDocument = Static<typeof Status>;
