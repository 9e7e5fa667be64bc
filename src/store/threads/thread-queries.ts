import { build, query } from '../sql/query.ts';

type Place = { readonly transport: string; readonly chat: string; readonly thread_id: string };

export const insertThread = query<Place & { workspace: string; name: string; created_at: number }>()((arg) =>
  build
    .insertInto('threads')
    .values({
      transport: arg('transport'),
      chat: arg('chat'),
      thread_id: arg('thread_id'),
      workspace: arg('workspace'),
      name: arg('name'),
      created_at: arg('created_at'),
    })
    .onConflict((conflict) => conflict.columns(['transport', 'chat', 'thread_id']).doNothing())
    .returningAll(),
);

export const threadAt = query<Place>()((arg) =>
  build
    .selectFrom('threads')
    .selectAll()
    .where('transport', '=', arg('transport'))
    .where('chat', '=', arg('chat'))
    .where('thread_id', '=', arg('thread_id')),
);

export const threadsById = query<{ thread_id: string }>()((arg) =>
  build.selectFrom('threads').selectAll().where('thread_id', '=', arg('thread_id')).orderBy('seq', 'desc'),
);

export const setHandled = query<Place & { handled: string }>()((arg) =>
  build
    .updateTable('threads')
    .set({ handled: arg('handled') })
    .where('transport', '=', arg('transport'))
    .where('chat', '=', arg('chat'))
    .where('thread_id', '=', arg('thread_id')),
);

export const changeWorkspace = query<Place & { workspace: string }>()((arg) =>
  build
    .updateTable('threads')
    .set({ workspace: arg('workspace') })
    .where('transport', '=', arg('transport'))
    .where('chat', '=', arg('chat'))
    .where('thread_id', '=', arg('thread_id'))
    .returningAll(),
);

export const lastThreads = query<{ limit: number }>()((arg) =>
  build.selectFrom('threads').selectAll().orderBy('seq', 'desc').limit(arg('limit')),
);

export const threadCount = query<Record<never, never>>()(() =>
  build.selectFrom('threads').select(({ fn }) => fn.countAll<number>().as('count')),
);
