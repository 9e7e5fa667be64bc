import { sql } from 'kysely';
import { PRIORITIES } from '../../core/model/request.ts';
import { build, query } from '../sql/query.ts';

export const insertOwed = query<{ request_id: string; file: string | null; attended: number }>()((arg) =>
  build
    .insertInto('owed_answers')
    .values({ request_id: arg('request_id'), file: arg('file'), attended: arg('attended') }),
);

export const attendedAnswers = query<Record<never, never>>()(() =>
  build
    .selectFrom('owed_answers')
    .innerJoin('requests', 'requests.id', 'owed_answers.request_id')
    .select('request_id')
    .where('attended', '=', sql.lit(1))
    .orderBy('seq'),
);

export const attendedAnswer = query<{ id: string }>()((arg) =>
  build
    .selectFrom('owed_answers')
    .select('file')
    .where('request_id', '=', arg('id'))
    .where('attended', '=', sql.lit(1)),
);

export const endAttendance = query<{ id: string }>()((arg) =>
  build
    .updateTable('owed_answers')
    .set({ attended: sql.lit(0) })
    .where('request_id', '=', arg('id')),
);

export const dropOwed = query<{ id: string }>()((arg) =>
  build.deleteFrom('owed_answers').where('request_id', '=', arg('id')),
);

const LOWEST = PRIORITIES.length - 1;

/** Optimistic: changes no row once it is claimed. */
export const lowerQueued = query<{ id: string }>()((arg) =>
  build
    .updateTable('requests')
    .set({ priority: sql.lit(PRIORITIES[LOWEST] ?? 'background'), rank: sql.lit(LOWEST) })
    .where('id', '=', arg('id'))
    .where('state', '=', sql.lit('queued' as const)),
);
