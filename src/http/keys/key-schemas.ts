import { Type, type Static } from 'typebox';
import { REACH_PATTERN, SCOPES } from '../../core/model/keys/key.ts';
import { PLAIN_LINE } from '../answers/validation.ts';
import { closed, component, enumOf, instant, nullable } from '../answers/schema-parts.ts';

export const KeyParams = Type.Object({
  id: Type.String({
    minLength: 1,
    maxLength: 64,
    description: 'The part of the key behind `gh_`, as listed by GET /keys.',
    examples: ['6f1c2d3e4a5b6c7d'],
  }),
});

const name = Type.String({
  minLength: 1,
  maxLength: 100,
  pattern: PLAIN_LINE,
  description: 'For people: what it is for.',
  examples: ['nightly jobs'],
});
const scopes = Type.Array(
  enumOf(SCOPES, { description: 'What it may do; `admin` is everything.', examples: ['execute'] }),
  {
    minItems: 1,
    maxItems: SCOPES.length,
    description:
      '`read`: see requests, sessions, approvals, deliveries, usage, streams; `execute`: hand in work, cancel it, repeat deliveries; `approve`: decide approvals; `sessions`: create and end them; `terminal`: see the screen and sit at it; `admin`: everything, also keys and webhooks.',
    examples: [['execute', 'read']],
  },
);
const workspace = Type.String({
  pattern: REACH_PATTERN,
  description: 'A workspace, or the beginning of many with a star: `web-*`.',
  examples: ['web-*'],
});

const most = (description: string, maximum: number, example: number) =>
  Type.Integer({ minimum: 1, maximum, description, examples: [example] });
const limits = {
  rateLimitMax: most('Requests over HTTP in a window, of each kind, instead of RATE_LIMIT_MAX.', 1_000_000, 600),
  activeMax: most('Its requests that may wait or run at the same time.', 1_000_000, 5),
  dailyTurnsMax: most('Its requests that are accepted in a day (UTC).', 1_000_000_000, 200),
  dailyCostMicroUsdMax: most(
    'What its turns of a day may cost, in millionths of a US dollar; what is running is not known yet.',
    Number.MAX_SAFE_INTEGER,
    5_000_000,
  ),
} as const;

export const KeyBody = Type.Object(
  {
    name,
    scopes,
    workspaces: Type.Optional(
      Type.Array(workspace, {
        minItems: 1,
        maxItems: 100,
        description: 'Those that it may touch; all when absent. Others do not exist for it.',
        examples: [['web-*', 'docs']],
      }),
    ),
    rateLimitMax: Type.Optional(limits.rateLimitMax),
    activeMax: Type.Optional(limits.activeMax),
    dailyTurnsMax: Type.Optional(limits.dailyTurnsMax),
    dailyCostMicroUsdMax: Type.Optional(limits.dailyCostMicroUsdMax),
    expiresAt: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: Number.MAX_SAFE_INTEGER,
        description: 'From then on it opens nothing (epoch milliseconds); never when absent.',
        examples: [1_924_988_400_000],
      }),
    ),
  },
  closed,
);

const document = {
  id: Type.String({ description: 'Names the key.', examples: ['6f1c2d3e4a5b6c7d'] }),
  name,
  scopes,
  workspaces: nullable(Type.Array(workspace), 'Those that it may touch; null: all.'),
  rateLimitMax: nullable(limits.rateLimitMax, 'Requests over HTTP in a window; null: RATE_LIMIT_MAX.'),
  activeMax: nullable(limits.activeMax, 'Its requests that may wait or run at the same time; null: no limit.'),
  dailyTurnsMax: nullable(limits.dailyTurnsMax, 'Its requests that are accepted in a day; null: no limit.'),
  dailyCostMicroUsdMax: nullable(limits.dailyCostMicroUsdMax, 'What its turns of a day may cost; null: no limit.'),
  createdAt: instant('When it was made'),
  expiresAt: nullable(Type.Integer(), 'From then on it opens nothing (epoch milliseconds); null: never.'),
  lastUsedAt: nullable(Type.Integer(), 'When it opened something last, to the minute (epoch milliseconds).'),
} as const;

export const Key = component(
  'Key',
  Type.Object(document, { ...closed, description: 'A key of a caller, without its secret.' }),
);

export const NewKey = component(
  'NewKey',
  Type.Object(
    {
      ...document,
      key: Type.String({
        description: 'The key itself. It is shown in this answer and never again.',
        examples: ['gh_6f1c2d3e4a5b6c7d_m0cH…'],
      }),
    },
    { ...closed, description: 'A key of a caller, with its secret.' },
  ),
);

export const KeyList = component(
  'KeyList',
  Type.Object(
    { keys: Type.Array(Type.Unsafe<KeyDocument>({ $ref: 'Key#' }), { description: 'The oldest first.' }) },
    { ...closed, description: 'The keys of callers, but for HTTP_API_KEY.' },
  ),
);

export type KeyDocument = Static<typeof Key>;
