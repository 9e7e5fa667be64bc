import { expect, test } from '@jest/globals';
import { type Ask, both, get, type Step } from '../../../../src/store/sql/step.ts';
import { build, query } from '../../../../src/store/sql/query.ts';

const HOOKS = query<Record<never, never>>()(() => build.selectFrom('hooks').selectAll());

/** Asks so often, and returns what it was answered. */
function* asking(times: number): Step<readonly unknown[]> {
  const heard: unknown[] = [];
  for (let time = 0; time < times; time += 1) heard.push(yield* get(HOOKS, {}));
  return heard;
}

/** Answers each ask with its number; also how many came at once. */
function carryOut<T>(step: Step<T>): { readonly value: T; readonly flights: readonly number[] } {
  const flights: number[] = [];
  let number = 0;
  const answer = (ask: Ask): unknown => (ask.how === 'together' ? ask.asks.map(answer) : (number += 1));
  let next = step.next();
  while (next.done !== true) {
    const before = number;
    const answered = answer(next.value);
    flights.push(number - before);
    next = step.next(answered);
  }
  return { value: next.value, flights };
}

test.each([
  [0, 0, []],
  [1, 1, [2]],
  [2, 1, [2, 1]],
  [1, 3, [2, 1, 1]],
  [0, 2, [1, 1]],
])(
  'steps that ask %i and %i times side by side get their own answers, and ask in as few flights as the longer one',
  (mine, theirs, flights) => {
    const done = carryOut(both(asking(mine), asking(theirs)));
    expect(done.flights).toEqual(flights);
    expect(done.value.map(({ length }) => length)).toEqual([mine, theirs]);
    const heard = done.value.flat() as number[];
    expect(heard.toSorted((a, b) => a - b)).toEqual(heard.map((_, index) => index + 1));
  },
);
