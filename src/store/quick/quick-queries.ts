import { sql } from 'kysely';
import type { QuickState } from '../../core/model/quick/session.ts';
import { build, query } from '../sql/query.ts';

/** The second itself, or the next one behind the last that was given. */
export const takeSecond = query<{ second: number }>()((arg) =>
  build
    .updateTable('quick_ids')
    .set((eb) => ({
      last: eb
        .case()
        .when('last', '<', arg('second'))
        .then(arg('second'))
        .else(eb('last', '+', sql.lit(1)))
        .end(),
    }))
    .returning('last'),
);

export const insertQuick = query<{ id: string; repo: string; created_at: number }>()((arg) =>
  build
    .insertInto('quick_sessions')
    .values({ id: arg('id'), repo: arg('repo'), state: 'starting', created_at: arg('created_at') })
    .returningAll(),
);

export const makeReady = query<{ id: string; path: string; branch: string; base: string }>()((arg) =>
  build
    .updateTable('quick_sessions')
    .set({ state: 'ready', path: arg('path'), branch: arg('branch'), base: arg('base') })
    .where('id', '=', arg('id'))
    .where('state', '=', 'starting'),
);

export const changeState = query<{ id: string; from: QuickState; to: QuickState }>()((arg) =>
  build
    .updateTable('quick_sessions')
    .set({ state: arg('to') })
    .where('id', '=', arg('id'))
    .where('state', '=', arg('from')),
);

export const deleteQuick = query<{ id: string }>()((arg) =>
  build.deleteFrom('quick_sessions').where('id', '=', arg('id')).returningAll(),
);

export const quickById = query<{ id: string }>()((arg) =>
  build.selectFrom('quick_sessions').selectAll().where('id', '=', arg('id')),
);

export const allQuick = query<Record<never, never>>()(() =>
  build.selectFrom('quick_sessions').selectAll().orderBy('seq'),
);

const turns = build
  .selectFrom('quick_sessions')
  .innerJoin('requests', 'requests.workspace', 'quick_sessions.id')
  .select(['requests.workspace', 'requests.state', 'requests.usage', 'requests.created_at', 'requests.completed_at'])
  .orderBy('requests.seq');

export const allTurns = query<Record<never, never>>()(() => turns);

export const turnsOf = query<{ id: string }>()((arg) => turns.where('quick_sessions.id', '=', arg('id')));

export const lastRequests = query<{ id: string; limit: number }>()((arg) =>
  build
    .selectFrom('requests')
    .selectAll()
    .where('workspace', '=', arg('id'))
    .orderBy('created_at', 'desc')
    .orderBy('seq', 'desc')
    .limit(arg('limit')),
);

// Word for word the condition of its index: only then may the planner use it.
export const lastTools = query<{ id: string; limit: number }>()((arg) =>
  build
    .selectFrom('events')
    .selectAll()
    .where('workspace', '=', arg('id'))
    .where('type', '=', sql.lit('tool.started' as const))
    .orderBy('seq', 'desc')
    .limit(arg('limit')),
);
