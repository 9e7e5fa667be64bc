import { sql } from 'kysely';
import { build, query } from '../sql/query.ts';
import type { RequestRow } from '../sql/rows.ts';

// A literal, never an argument: only then may the planner use the partial indices.
const queued = sql.lit('queued' as const);

const columns = ['id', 'seq', 'rank', 'created_at', 'told_position', 'reply_to', 'source'] as const;

export type QueuedRow = Pick<RequestRow, (typeof columns)[number]>;

/** How many wait in a workspace, or in all of them for ''. No row before the first one. */
export const queueLength = query<{ workspace: string }>()((arg) =>
  build.selectFrom('queue_lengths').select('length').where('workspace', '=', arg('workspace')),
);

/** All that one that comes asks for first, in one look. `ahead` counts those of its class and above, to `limit`. */
export const standOf = query<{ workspace: string; rank: number; limit: number }>()((arg) =>
  build.selectNoFrom((eb) => {
    const session = eb.selectFrom('sessions').where('workspace', '=', arg('workspace'));
    const length = eb.selectFrom('queue_lengths').select('length');
    const ahead = eb
      .selectFrom('requests')
      .select('seq')
      .where('workspace', '=', arg('workspace'))
      .where('state', '=', queued)
      .where('rank', '<=', arg('rank'))
      .limit(arg('limit'));
    return [
      session.select('id').as('session_id'),
      session.select('agent').as('agent'),
      length.where('workspace', '=', sql.lit('')).as('total'),
      length.where('workspace', '=', arg('workspace')).as('waiting'),
      eb
        .selectFrom(ahead.as('those'))
        .select((of) => of.fn.countAll<number>().as('count'))
        .as('ahead'),
    ];
  }),
);

export const firstByArrival = query<{ workspace: string; limit: number }>()((arg) =>
  build
    .selectFrom('requests')
    .select(columns)
    .where('workspace', '=', arg('workspace'))
    .where('state', '=', queued)
    .orderBy('seq')
    .limit(arg('limit')),
);

export const firstByClass = query<{ workspace: string; limit: number }>()((arg) =>
  build
    .selectFrom('requests')
    .select(columns)
    .where('workspace', '=', arg('workspace'))
    .where('state', '=', queued)
    .orderBy('rank')
    .orderBy('seq')
    .limit(arg('limit')),
);

export const notePosition = query<{ id: string; position: number | null }>()((arg) =>
  build
    .updateTable('requests')
    .set({ told_position: arg('position') })
    .where('id', '=', arg('id')),
);

/** In an order that needs no index: those that wait, and those that run, are few. */
const unendedFor = (state: 'queued' | 'running') =>
  query<{ replyTo: string; limit: number }>()((arg) =>
    build
      .selectFrom('requests')
      .selectAll()
      .where('state', '=', sql.lit(state))
      .where('reply_to', '=', arg('replyTo'))
      .orderBy('seq', 'desc')
      .limit(arg('limit')),
  );

export const queuedFor = unendedFor('queued');
export const runningFor = unendedFor('running');
