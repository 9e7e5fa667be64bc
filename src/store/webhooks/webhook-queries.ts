import { build, query } from '../sql/query.ts';

type Id = { readonly id: string };

export const insertWebhook = query<{
  id: string;
  url: string;
  events: string;
  workspaces: string | null;
  created_at: number;
  secrets: string;
}>()((arg) =>
  build.insertInto('webhooks').values({
    id: arg('id'),
    url: arg('url'),
    events: arg('events'),
    workspaces: arg('workspaces'),
    created_at: arg('created_at'),
    secrets: arg('secrets'),
  }),
);

export const webhookById = query<Id>()((arg) => build.selectFrom('webhooks').selectAll().where('id', '=', arg('id')));

export const allWebhooks = query<Record<never, never>>()(() => build.selectFrom('webhooks').selectAll().orderBy('seq'));

/** Those that something may be owed to. */
export const activeWebhooks = query<Record<never, never>>()(() =>
  build.selectFrom('webhooks').selectAll().where('disabled_at', 'is', null).orderBy('seq'),
);

export const changeSecrets = query<Id & { secrets: string }>()((arg) =>
  build
    .updateTable('webhooks')
    .set({ secrets: arg('secrets') })
    .where('id', '=', arg('id'))
    .returningAll(),
);

export const dropWebhook = query<Id>()((arg) => build.deleteFrom('webhooks').where('id', '=', arg('id')));

export const disable = query<Id & { now: number }>()((arg) =>
  build
    .updateTable('webhooks')
    .set({ disabled_at: arg('now') })
    .where('id', '=', arg('id'))
    .where('disabled_at', 'is', null),
);
