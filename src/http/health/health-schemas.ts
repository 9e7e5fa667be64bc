import { Type } from 'typebox';
import { closed, enumOf, component } from '../answers/schema-parts.ts';

const check = (description: string) =>
  Type.Object(
    { healthy: Type.Boolean({ description: 'Whether it works.' }) },
    { additionalProperties: true, description },
  );

export const Health = component(
  'Health',
  Type.Object(
    {
      status: enumOf(['healthy', 'degraded'], { description: '`healthy` when every check is.' }),
      timestamp: Type.String({ format: 'date-time', description: 'ISO 8601.', examples: ['2026-01-01T10:30:00.000Z'] }),
      checks: Type.Object(
        {
          tmuxServer: check('The tmux server, with the count of its sessions.'),
          sessions: check('Sessions: `total`, `active` (a turn runs), `live` (with an agent), and `max` live ones.'),
          filesystem: check('The folders that must be writable; `notes` where a file system is odd.'),
          gateway: check('The gateway itself.'),
          store: check(
            'The database, and of this day (UTC) `today`: `costUsd`, `leftUsd` (null: no limit), `unpriced` requests.',
          ),
          agent: check(
            'Whether the agent is installed and has credentials, its `version`, and a `warning` when that was not tested.',
          ),
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
    { status: enumOf(['ok', 'not_ready'], { description: '`ok`, or why not.' }) },
    { ...closed, description: 'The answer to a probe.' },
  ),
);
