import { build, query } from './query.ts';

export const insertProbe = query<Record<never, never>>()(() => build.insertInto('probes').values({ id: 1 }));

export const deleteProbes = query<Record<never, never>>()(() => build.deleteFrom('probes'));
