import { sql } from 'kysely';
import { build, query } from '../sql/query.ts';

// Literals, never arguments: only then may the planner use the partial indices.

export const queuedByClass = query<Record<never, never>>()(() =>
  build
    .selectFrom('requests')
    .select((eb) => ['priority', eb.fn.countAll<number>().as('count'), eb.fn.min<number>('created_at').as('oldest')])
    .where('state', '=', sql.lit('queued' as const))
    .groupBy('priority'),
);

export const runningByPhase = query<Record<never, never>>()(() =>
  build
    .selectFrom('requests')
    .select((eb) => ['phase', eb.fn.countAll<number>().as('count')])
    .where('state', '=', sql.lit('running' as const))
    .groupBy('phase'),
);

export const owedByLane = query<Record<never, never>>()(() =>
  build
    .selectFrom('deliveries')
    .select((eb) => ['lane', eb.fn.countAll<number>().as('count'), eb.fn.min<number>('owed_since').as('oldest')])
    .where('ended_at', 'is', null)
    .groupBy('lane'),
);
