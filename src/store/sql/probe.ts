import { build, query } from './query.ts';
import { run, type Step } from './step.ts';

const insertProbe = query<Record<never, never>>()(() => build.insertInto('probes').values({ id: 1 }));

const deleteProbes = query<Record<never, never>>()(() => build.deleteFrom('probes'));

/** Writes and leaves nothing. */
export function* probe(): Step<void> {
  yield* run(insertProbe, {});
  yield* run(deleteProbes, {});
}
