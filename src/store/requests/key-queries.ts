import { build, query } from '../sql/query.ts';

/** That wait or run. */
export const activeOfKey = query<{ key: string }>()((arg) =>
  build
    .selectFrom('requests')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('key', '=', arg('key'))
    .where('completed_at', 'is', null),
);

export const acceptedOfKey = query<{ key: string; since: number }>()((arg) =>
  build
    .selectFrom('requests')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('key', '=', arg('key'))
    .where('created_at', '>=', arg('since')),
);
