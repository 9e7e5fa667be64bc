import { build, query } from '../sql/query.ts';
import type { KeysTable } from '../sql/tables.ts';

type Id = { readonly id: string };

export const insertKey = query<Omit<KeysTable, 'seq' | 'last_used_at'>>()((arg) =>
  build.insertInto('keys').values({
    id: arg('id'),
    name: arg('name'),
    sha256: arg('sha256'),
    scopes: arg('scopes'),
    workspaces: arg('workspaces'),
    rate_limit_max: arg('rate_limit_max'),
    active_max: arg('active_max'),
    daily_turns_max: arg('daily_turns_max'),
    daily_cost_micro_usd_max: arg('daily_cost_micro_usd_max'),
    created_at: arg('created_at'),
    expires_at: arg('expires_at'),
  }),
);

export const keyById = query<Id>()((arg) => build.selectFrom('keys').selectAll().where('id', '=', arg('id')));

export const allKeys = query<Record<never, never>>()(() => build.selectFrom('keys').selectAll().orderBy('seq'));

export const changeSecret = query<Id & { readonly sha256: string }>()((arg) =>
  build
    .updateTable('keys')
    .set({ sha256: arg('sha256') })
    .where('id', '=', arg('id'))
    .returningAll(),
);

export const dropKey = query<Id>()((arg) => build.deleteFrom('keys').where('id', '=', arg('id')));

export const noteUse = query<Id & { readonly at: number }>()((arg) =>
  build
    .updateTable('keys')
    .set({ last_used_at: arg('at') })
    .where('id', '=', arg('id')),
);
