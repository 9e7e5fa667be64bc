import { all, run, type Step } from '../sql/step.ts';
import { keptKeys, releaseKept } from './idempotency-queries.ts';

export function* listKeptKeys(owner: string): Step<readonly string[]> {
  return (yield* all(keptKeys, { owner })).map(({ key }) => key);
}

export function* releaseKey(owner: string, key: string): Step<void> {
  yield* run(releaseKept, { owner, key });
}
