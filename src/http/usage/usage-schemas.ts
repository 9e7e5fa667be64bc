import { Type } from 'typebox';
import { USAGE_GROUPS } from '../../core/ports/usage/usage-store.ts';
import { closed, component, enumOf, instant, instantInQuery, nullable, wholeInQuery } from '../answers/schema-parts.ts';

export const UsageQuery = Type.Object(
  {
    by: Type.Optional(
      enumOf(USAGE_GROUPS, {
        description: 'What is summed up: the days (UTC) when absent.',
        examples: ['workspace'],
      }),
    ),
    from: instantInQuery('Only turns that ended then or later; 30 days ago when absent'),
    to: instantInQuery('Only turns that ended before; now when absent'),
    limit: Type.Optional(
      wholeInQuery({
        minimum: 1,
        maximum: 1_000,
        description: 'At most so many sums; 100 when absent.',
        examples: [100],
      }),
    ),
  },
  closed,
);

const tokens = (description: string) => Type.Integer({ minimum: 0, description, examples: [1200] });

/** What several turns took together. */
export const spent = {
  requests: Type.Integer({ minimum: 0, description: 'That took it, whole or in part.', examples: [12] }),
  inputTokens: tokens('Read, but from no cache.'),
  outputTokens: tokens('Written.'),
  cacheReadTokens: tokens('Read from a cache.'),
  cacheWriteTokens: tokens('Written to a cache.'),
  costMicroUsd: Type.Integer({
    minimum: 0,
    description: 'The sum of what is known, in millionths of a US dollar, exactly.',
    examples: [23400],
  }),
  unpriced: Type.Integer({
    minimum: 0,
    description: 'Requests of which some cost is not known, so that it is not in the sum.',
    examples: [0],
  }),
} as const;

export const UsageSums = component(
  'Usage',
  Type.Object(
    {
      by: enumOf(USAGE_GROUPS, { description: 'What is summed up.', examples: ['workspace'] }),
      from: instant('From then on'),
      to: instant('To before then'),
      groups: Type.Array(
        Type.Object(
          {
            name: nullable(
              Type.String(),
              'The workspace, key or model, or the day as 2026-01-31. A person of a chat is `telegram:<id>`; null: whoever asked had no name.',
            ),
            ...spent,
          },
          { ...closed, description: 'What was spent for one of them.' },
        ),
        { description: 'The last days first, otherwise the dearest first.' },
      ),
      total: Type.Object(spent, { ...closed, description: 'Of all of them, also of those beyond the limit.' }),
    },
    { ...closed, description: 'Tokens and money that the agents took.' },
  ),
);
