import { sql } from 'kysely';
import { build, query } from '../sql/query.ts';

// A literal, never an argument: only then may the planner use the partial indices.
const queued = sql.lit('queued' as const);

export interface QueuedRow {
  readonly id: string;
  readonly seq: number;
  readonly created_at: number;
  readonly told_position: number | null;
}

const columns = ['id', 'seq', 'created_at', 'told_position'] as const;

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
