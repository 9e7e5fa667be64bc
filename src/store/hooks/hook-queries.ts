import { build, query } from '../sql/query.ts';

export const allHooks = query<Record<never, never>>()(() => build.selectFrom('hooks').selectAll().orderBy('place'));

export const dropHooks = query<Record<never, never>>()(() => build.deleteFrom('hooks'));

export const insertHook = query<{
  place: number;
  name: string;
  events: string;
  fail_closed: number;
  sources: string | null;
  workspaces: string | null;
}>()((arg) =>
  build.insertInto('hooks').values({
    place: arg('place'),
    name: arg('name'),
    events: arg('events'),
    fail_closed: arg('fail_closed'),
    sources: arg('sources'),
    workspaces: arg('workspaces'),
  }),
);
