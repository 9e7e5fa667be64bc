import { Type, type TProperties } from 'typebox';
import { closed, component, enumOf, nullable, pause } from '../answers/schema-parts.ts';

export const HEALTH_STATUSES = ['healthy', 'degraded'] as const;
export const PROBE_STATUSES = ['ok', 'not_ready'] as const;

const text = (description: string) => Type.String({ description });
const count = (description: string) => Type.Integer({ minimum: 0, description });

/** A check that failed says `error`, and may lack what it would have found. */
function check(description: string, found: TProperties = {}) {
  const details = Object.entries(found).map(([name, schema]) => [name, Type.Optional(schema)]);
  const properties = {
    healthy: Type.Boolean({ description: 'Whether it works.' }),
    error: Type.Optional(text('What is wrong; only where it does not work.')),
    ...(Object.fromEntries(details) as TProperties),
  };
  return Type.Object(properties, { additionalProperties: true, description });
}

const today = Type.Object(
  {
    costUsd: Type.Number({ minimum: 0, description: 'What was spent.' }),
    leftUsd: nullable(Type.Number(), 'What is left of DAILY_MAX_COST_USD; null: there is no limit.'),
    unpriced: count('Requests whose cost is not known.'),
  },
  { ...closed, description: 'This day (UTC). Only for keys with `read` for all workspaces.' },
);

const transport = Type.Object(
  {
    name: text('As it begins an address.'),
    problems: Type.Optional(Type.Array(Type.String(), { description: 'What is set up wrong.' })),
    failing: count('Addresses that did not take what was tried last.'),
    paused: Type.Array(
      Type.Object(
        {
          to: text('The address, without the path of a URL.'),
          failingSince: count('Since when it takes nothing (epoch milliseconds).'),
          lastError: text('What the last attempt met.'),
        },
        closed,
      ),
      {
        description:
          'The first of those that are tried seldom, since they have failed for days. Empty but for keys with `read` for all workspaces.',
      },
    ),
  },
  closed,
);

export const Health = component(
  'Health',
  Type.Object(
    {
      status: enumOf(HEALTH_STATUSES, { description: '`healthy` when every check is.' }),
      timestamp: Type.String({ format: 'date-time', description: 'ISO 8601.', examples: ['2026-01-01T10:30:00.000Z'] }),
      checks: Type.Object(
        {
          tmuxServer: check('The tmux server.', { sessionsCount: count('Its sessions.') }),
          sessions: check('The conversations of workspaces.', {
            total: count('All of them.'),
            active: count('Those in which a turn runs.'),
            live: count('Those with a live agent.'),
            max: count('How many may have one.'),
          }),
          filesystem: check('The folders that must be writable.', {
            notes: Type.Array(Type.String(), { description: 'Where a file system is odd.' }),
          }),
          gateway: check('The gateway itself.', {
            transports: Type.Array(transport, { description: 'What delivers, and to whom it cannot.' }),
            hookListener: Type.Boolean({ description: 'Whether agents can report.' }),
          }),
          store: check('The database.', { today }),
          agent: check('The program that does the work by default.', {
            installed: Type.Boolean({ description: 'Whether it can be started.' }),
            credentials: Type.Boolean({ description: 'Whether it has some.' }),
            hint: nullable(Type.String(), 'What to do where one of them is false.'),
            version: nullable(Type.String(), 'As it says itself; null when it does not.'),
            warning: nullable(Type.String(), 'What speaks against this version, which is used all the same.'),
            pause: nullable(pause, 'Why its queues stand still for now; null: they do not.'),
          }),
        },
        {
          ...closed,
          description:
            'One entry for each part, looked at a second ago at most; pauses, `active` and `live` as of now.',
        },
      ),
    },
    { ...closed, description: 'The state of the gateway.' },
  ),
);

export const Probe = component(
  'Probe',
  Type.Object(
    { status: enumOf(PROBE_STATUSES, { description: '`ok`, or why not.' }) },
    { ...closed, description: 'The answer to a probe.' },
  ),
);
