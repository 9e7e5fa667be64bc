import { Type, type Static } from 'typebox';
import { closed, component, enumOf, nullable, ticket, wholeInQuery } from '../../answers/schema-parts.ts';
import { QUICK_STATUSES } from '../../../core/ports/quick/quick.ts';
import { FILE_CHANGES } from '../../../core/ports/quick/worktrees.ts';

const text = (description: string, example: string) => Type.String({ description, examples: [example] });
const nullableText = (description: string) => nullable(Type.String(), description);
const time = (description: string) =>
  Type.String({ description: `${description} (ISO 8601, to the second)`, examples: ['2026-01-26T10:00:00Z'] });
const repo = text('Repository below REPOS_ROOT.', 'owner/repo');
const id = Type.String({ maxLength: 63, description: 'Names the session.', examples: ['quick-1706300000'] });

export const QuickParams = Type.Object({ id });
export const StartBody = Type.Object({ repo }, closed);
export const MessageBody = Type.Object(
  {
    content: Type.String({
      minLength: 1,
      description: 'Handed to the agent exactly as written; at most 262,144 bytes of UTF-8.',
      examples: ['Add error handling to the login function'],
    }),
  },
  closed,
);
export const PublishBody = Type.Union([
  Type.Object(
    {
      title: Type.Optional(
        Type.String({ minLength: 1, maxLength: 200, description: 'Of the commit and the request.' }),
      ),
      body: Type.Optional(Type.String({ maxLength: 50_000, description: 'Of the pull request.' })),
    },
    closed,
  ),
  Type.Null(),
]);
export const QuickSocketQuery = Type.Object(
  {
    after: Type.Optional(
      wholeInQuery({
        minimum: 0,
        maximum: Number.MAX_SAFE_INTEGER,
        description: 'Begins behind the frame with this `seq`; without it with what comes from now on.',
        examples: [41],
      }),
    ),
    ticket,
  },
  closed,
);

export const QUICK_ROLES = ['user', 'assistant', 'system', 'tool'] as const;

const session = {
  id,
  repo,
  status: enumOf(QUICK_STATUSES, {
    description: '`running`: a message waits or is worked on. `failed`: the last one did not complete.',
    examples: ['idle'],
  }),
  worktree_path: text('The folder in which the agent works.', '/path/to/worktrees/quick-1706300000'),
  claude_session_id: nullableText("The agent's own id of the conversation; null before the first message."),
  created_at: time('When it began'),
  last_activity: time('When a message came or ended last'),
  message_count: Type.Integer({ minimum: 0, description: 'Messages that were sent.', examples: [5] }),
  total_cost_usd: Type.Number({ minimum: 0, description: 'Of all messages whose cost is known.', examples: [0.0234] }),
} as const;

const message = Type.Object(
  {
    id: text('Names the message; that of a user is the id of its request.', 'req-mjv3k2a0-4f6Qm8Zr'),
    session_id: id,
    role: enumOf(QUICK_ROLES, {
      description: '`system`: why a message did not complete.',
      examples: ['user'],
    }),
    content: text('The text.', 'Add error handling to the login function'),
    timestamp: time('When it came'),
    cost_usd: nullable(Type.Number({ minimum: 0 }), 'Of an answer; null when it is not known.'),
    tool_name: nullableText('Of a tool that the agent used.'),
    tool_input: nullableText('One line about its input.'),
  },
  closed,
);

export const QuickMessage = component('QuickMessage', { ...message, description: 'A message of a quick session.' });
export const QuickSession = component(
  'QuickSession',
  Type.Object(session, { ...closed, description: 'A chat with an agent in a worktree of its own.' }),
);
export const QuickSessionList = component('QuickSessionList', Type.Array(Type.Object(session, closed)));
export const QuickHistory = component(
  'QuickHistory',
  Type.Object(
    { ...session, messages: Type.Array(message, { description: 'The last 1,000, oldest first.' }) },
    { ...closed, description: 'A quick session with its messages.' },
  ),
);
export const QuickDiff = component(
  'QuickDiff',
  Type.Object(
    {
      base: text('The commit that it is compared with.', '3f786850e387550fdab836ed7e6dc881de23001b'),
      files: Type.Array(
        Type.Object(
          {
            path: text('Where it is.', 'src/login.ts'),
            from: nullableText('Where it was before; null when it was not renamed.'),
            change: enumOf(FILE_CHANGES, {
              description: 'What became of it.',
              examples: ['modified'],
            }),
          },
          closed,
        ),
      ),
      diff: Type.String({ description: 'Unified; at most 1 MiB.' }),
      truncated: Type.Boolean({ description: 'It ends early, behind a whole line.' }),
    },
    { ...closed, description: 'What changed in the worktree, committed or not.' },
  ),
);
export const QuickPublished = component(
  'QuickPublished',
  Type.Object(
    {
      branch: text('The branch at the remote.', 'quick/quick-1706300000'),
      commit: text('What it holds now.', '3f786850e387550fdab836ed7e6dc881de23001b'),
      link: nullableText('Of the draft pull request; null when none was opened.'),
      note: nullableText('Why there is no link; null when there is one.'),
      skipped: Type.Array(Type.String(), { description: 'Repositories inside of the worktree, which stay out.' }),
    },
    { ...closed, description: 'A branch that was pushed.' },
  ),
);

export type SessionDocument = Static<typeof QuickSession>;
export type MessageDocument = Static<typeof QuickMessage>;
