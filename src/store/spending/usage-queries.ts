import { sql } from 'kysely';
import { build, query } from '../sql/query.ts';

/** Changes no row the second time. */
export const setUsage = query<{ id: string; epoch: number; usage: string | null }>()((arg) =>
  build
    .updateTable('requests')
    .set({ usage: arg('usage'), usage_pending: sql.lit(0) })
    .where('id', '=', arg('id'))
    .where('epoch', '=', arg('epoch'))
    .where('usage_pending', '=', sql.lit(1))
    .returning(['id', 'workspace', 'session_id', 'identity', 'completed_at']),
);

export const usagePending = query<Record<never, never>>()(() =>
  build.selectFrom('requests').selectAll().where('usage_pending', '=', sql.lit(1)).orderBy('seq'),
);

export const pendingUsage = query<{ id: string }>()((arg) =>
  build.selectFrom('requests').select('id').where('id', '=', arg('id')).where('usage_pending', '=', sql.lit(1)),
);
