import { describe, expect, test } from '@jest/globals';
import { createDeadline, timeHeld, type Deadline } from '../../../../src/core/flows/deadline.ts';
import { createFakeClock, type FakeClock } from '../../../helpers/fake-clock.ts';

interface Watched {
  readonly clock: FakeClock;
  readonly deadline: Deadline;
  /** How often it was due. */
  readonly dues: () => number;
}

function watch(leftMs: number): Watched {
  const clock = createFakeClock();
  let dues = 0;
  const deadline = createDeadline(clock, leftMs, () => (dues += 1));
  return { clock, deadline, dues: () => dues };
}

describe('a deadline', () => {
  test('is due once, when its time has passed', () => {
    const { clock, dues } = watch(1_000);
    clock.advance(999);
    expect(dues()).toBe(0);
    clock.advance(1);
    expect(dues()).toBe(1);
    clock.advance(10_000);
    expect(dues()).toBe(1);
  });

  test('whose time has passed already is due at once', () => {
    const { clock, dues } = watch(-5_000);
    clock.advance(0);
    expect(dues()).toBe(1);
  });

  test('stands still while it is held, and goes on with what was left', () => {
    const { clock, deadline, dues } = watch(1_000);
    clock.advance(400);
    deadline.hold();
    clock.advance(50_000);
    deadline.release();
    clock.advance(599);
    expect(dues()).toBe(0);
    clock.advance(1);
    expect(dues()).toBe(1);
  });

  test('stands still until its last hold is released', () => {
    const { clock, deadline, dues } = watch(1_000);
    clock.advance(400);
    deadline.hold();
    clock.advance(50_000);
    deadline.hold();
    clock.advance(50_000);
    deadline.release();
    clock.advance(50_000);
    deadline.release();
    clock.advance(599);
    expect(dues()).toBe(0);
    clock.advance(1);
    expect(dues()).toBe(1);
  });

  test('loses nothing by being held again and again', () => {
    const { clock, deadline, dues } = watch(1_000);
    for (let round = 0; round < 9; round += 1) {
      clock.advance(100);
      deadline.hold();
      clock.advance(10_000);
      deadline.release();
    }
    clock.advance(99);
    expect(dues()).toBe(0);
    clock.advance(1);
    expect(dues()).toBe(1);
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
  test.each([
    ['is none without spans', [], 0],
    ['is the length of a span', [{ from: 10, until: 40 }], 30],
    [
      'is the sum of those apart',
      [
        { from: 10, until: 20 },
        { from: 50, until: 55 },
      ],
      15,
    ],
    [
      'counts what overlaps once',
      [
        { from: 10, until: 40 },
        { from: 20, until: 60 },
      ],
      50,
    ],
    [
      'counts what lies inside once',
      [
        { from: 10, until: 60 },
        { from: 20, until: 30 },
      ],
      50,
    ],
    [
      'goes on behind one that lay inside',
      [
        { from: 10, until: 60 },
        { from: 20, until: 30 },
        { from: 50, until: 70 },
      ],
      60,
    ],
    [
      'counts those that touch',
      [
        { from: 10, until: 20 },
        { from: 20, until: 30 },
      ],
      20,
    ],
    [
      'does not ask for an order',
      [
        { from: 50, until: 55 },
        { from: 10, until: 20 },
      ],
      15,
    ],
    ['lasts until now for what is open', [{ from: 70, until: null }], 30],
    [
      'lasts until now behind what has ended',
      [
        { from: 10, until: 80 },
        { from: 70, until: null },
      ],
      90,
    ],
  ])('%s', (_name, spans, held) => {
    expect(timeHeld(spans, 100)).toBe(held);
  });
});
