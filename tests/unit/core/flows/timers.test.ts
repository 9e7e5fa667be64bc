import { describe, expect, test } from '@jest/globals';
import { createTimers, type Timers } from '../../../../src/core/flows/timers.ts';
import { createFakeClock, type FakeClock } from '../../../helpers/fake-clock.ts';

interface Rig {
  readonly timers: Timers;
  readonly clock: FakeClock;
  /** What was due, in this order. */
  readonly due: string[];
  readonly set: (name: string, ms: number, what?: string) => void;
}

function createRig(): Rig {
  const clock = createFakeClock();
  const timers = createTimers(clock);
  const due: string[] = [];
  return { timers, clock, due, set: (name, ms, what = name) => timers.set(name, ms, () => void due.push(what)) };
}

describe('the timer of a name', () => {
  test('is due once, and then no longer set', () => {
    const { timers, clock, due, set } = createRig();
    set('a', 10);
    set('b', 20);
    clock.advance(15);
    expect([timers.has('a'), timers.has('b')]).toEqual([false, true]);
    clock.advance(100);
    expect(due).toEqual(['a', 'b']);
  });

  test('takes the place of an earlier one', () => {
    const { clock, due, set } = createRig();
    set('a', 10, 'first');
    set('a', 30, 'second');
    clock.advance(20);
    expect(due).toEqual([]);
    clock.advance(10);
    expect(due).toEqual(['second']);
  });

  test('may be set anew when it is due', () => {
    const { timers, clock } = createRig();
    let times = 0;
    const again = (): void => {
      times += 1;
      if (times < 3) timers.set('a', 10, again);
    };
    timers.set('a', 10, again);
    for (let step = 0; step < 5; step += 1) clock.advance(10);
    expect(times).toBe(3);
  });

  test('that is called off is never due, alone or with all others', () => {
    const { timers, clock, due, set } = createRig();
    set('a', 10);
    set('b', 10);
    set('c', 10);
    timers.callOff('a');
    expect([timers.has('a'), timers.has('b')]).toEqual([false, true]);
    timers.callOffAll();
    clock.advance(100);
    expect(due).toEqual([]);
  });
});
