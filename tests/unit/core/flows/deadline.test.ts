import { describe, expect, test } from '@jest/globals';
import { createDeadline, timeHeld, type Deadline } from '../../../../src/core/flows/deadline.ts';
import { createFakeClock, type FakeClock } from '../../../helpers/fake-clock.ts';

interface Watched {
  readonly clock: FakeClock;
  readonly deadline: Deadline;
  /** How often it was due. */
  readonly dues: () => number;
  /** Proves that it is due in this time, and not a millisecond before. */
  readonly expectDueIn: (ms: number) => void;
}

function watch(leftMs: number): Watched {
  const clock = createFakeClock();
  let dues = 0;
  const deadline = createDeadline(clock, leftMs, () => (dues += 1));
  return {
    clock,
    deadline,
    dues: () => dues,
    expectDueIn(ms) {
      clock.advance(ms - 1);
      expect(dues).toBe(0);
      clock.advance(1);
      expect(dues).toBe(1);
    },
  };
}

describe('a deadline', () => {
  test('is due once, when its time has passed', () => {
    const { clock, dues, expectDueIn } = watch(1_000);
    expectDueIn(1_000);
    clock.advance(10_000);
    expect(dues()).toBe(1);
  });

  test('whose time has passed already is due at once', () => {
    const { clock, dues } = watch(-5_000);
    clock.advance(0);
    expect(dues()).toBe(1);
  });

  test.each([3_600_000, -3_600_000])('is as far away as before when the clock is set by %d ms', (byMs) => {
    const { clock, deadline, expectDueIn } = watch(1_000);
    clock.advance(400);
    clock.set(byMs);
    deadline.hold();
    clock.set(-byMs);
    deadline.release();
    expectDueIn(600);
  });

  test('stands still while it is held, and goes on with what was left', () => {
    const { clock, deadline, expectDueIn } = watch(1_000);
    clock.advance(400);
    deadline.hold();
    clock.advance(50_000);
    deadline.release();
    expectDueIn(600);
  });

  test('stands still until its last hold is released', () => {
    const { clock, deadline, expectDueIn } = watch(1_000);
    clock.advance(400);
    deadline.hold();
    clock.advance(50_000);
    deadline.hold();
    clock.advance(50_000);
    deadline.release();
    clock.advance(50_000);
    deadline.release();
    expectDueIn(600);
  });

  test('loses nothing by being held again and again', () => {
    const { clock, deadline, expectDueIn } = watch(1_000);
    for (let round = 0; round < 9; round += 1) {
      clock.advance(100);
      deadline.hold();
      clock.advance(10_000);
      deadline.release();
    }
    expectDueIn(100);
  });

  test('is never due once it is called off, whatever is held or released then', () => {
    const { clock, deadline, dues } = watch(1_000);
    deadline.hold();
    deadline.callOff();
    deadline.release();
    deadline.hold();
    deadline.release();
    clock.advance(10_000);
    expect([dues(), clock.pending()]).toEqual([0, 0]);
  });
});

describe('the time that was held', () => {
  const span = (from: number, until: number | null) => ({ from, until });

  test.each([
    ['is none without spans', [], 0],
    ['is the length of a span', [span(10, 40)], 30],
    ['is the sum of those apart', [span(10, 20), span(50, 55)], 15],
    ['counts what overlaps once', [span(10, 40), span(20, 60)], 50],
    ['counts what lies inside once', [span(10, 60), span(20, 30)], 50],
    ['goes on behind one that lay inside', [span(10, 60), span(20, 30), span(50, 70)], 60],
    ['counts those that touch', [span(10, 20), span(20, 30)], 20],
    ['does not ask for an order', [span(50, 55), span(10, 20)], 15],
    ['lasts until now for what is open', [span(70, null)], 30],
    ['lasts until now behind what has ended', [span(10, 80), span(70, null)], 90],
  ])('%s', (_name, spans, held) => {
    expect(timeHeld(spans, 100)).toBe(held);
  });
});
