import { expect, test } from '@jest/globals';
import { createWaits } from '../../../../../../src/core/flows/outbox/pauses/waits.ts';
import type { FailingLane } from '../../../../../../src/core/model/delivery.ts';
import { createFakeClock } from '../../../../../helpers/fake-clock.ts';

const POLICY = { retryMs: [5_000, 60_000] };
const failing = (notBefore: number): FailingLane => ({
  lane: 'a',
  failures: 1,
  failingSince: 0,
  notBefore,
  pausedAt: null,
  lastError: 'x',
});

test('a lane that does not fail is due', () => {
  const waits = createWaits(createFakeClock());
  expect(waits.left('a', null, POLICY)).toBe(0);
});

test('a pause ends when its time has passed, wherever the clock was set meanwhile', () => {
  const clock = createFakeClock();
  const waits = createWaits(clock);
  const lane = failing(clock.now() + 5_000);
  expect(waits.left('a', lane, POLICY)).toBe(5_000);
  clock.set(-30_000);
  clock.advance(2_000);
  expect(waits.left('a', lane, POLICY)).toBe(3_000);
  clock.advance(3_000);
  expect(waits.left('a', lane, POLICY)).toBe(0);
  expect(waits.left('a', failing(clock.now() + 60_000), POLICY)).toBe(60_000);
});

test('a pause that an earlier process planned, by a clock that was far ahead, is over', () => {
  const clock = createFakeClock();
  const waits = createWaits(clock);
  expect(waits.left('a', failing(clock.now() + 66_001), POLICY)).toBe(0);
  expect(waits.left('b', failing(clock.now() + 66_000), POLICY)).toBe(66_000);
});

test('a pause is over when the clock says so, for a machine that slept passes no time', () => {
  const clock = createFakeClock();
  const waits = createWaits(clock);
  const lane = failing(clock.now() + 60_000);
  expect(waits.left('a', lane, POLICY)).toBe(60_000);
  clock.set(59_000);
  expect(waits.left('a', lane, POLICY)).toBe(1_000);
  clock.set(1_000);
  expect(waits.left('a', lane, POLICY)).toBe(0);
});
