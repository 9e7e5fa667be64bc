import { describe, expect, test } from '@jest/globals';
import { planNextAttempt } from '../../../../../../src/core/flows/outbox/pauses/retries.ts';
import type { FailingLane } from '../../../../../../src/core/model/delivery.ts';

const POLICY = { retryMs: [5_000, 60_000, 3_600_000], pauseAfterMs: 86_400_000 };
const T0 = 1_800_000_000_000;
const failing = (failures: number, sinceMs = 0): FailingLane => ({
  lane: 'a',
  failures,
  failingSince: T0 - sinceMs,
  notBefore: T0,
  pausedAt: null,
  lastError: 'x',
});

describe('the next attempt', () => {
  test.each([
    ['the first failure', null, 5_000],
    ['the second', failing(1), 60_000],
    ['the third', failing(2), 3_600_000],
    ['one behind the end of the schedule', failing(9), 3_600_000],
  ])('after %s is where the schedule has it', (_name, lane, ms) => {
    expect(planNextAttempt(POLICY, lane, T0, undefined, 0)).toEqual({ notBefore: T0 + ms, pause: false });
  });

  test('is spread by up to a tenth', () => {
    expect(planNextAttempt(POLICY, null, T0, undefined, 1).notBefore).toBe(T0 + 5_500);
  });

  test('is when the address says, and never sooner than in a second', () => {
    expect(planNextAttempt(POLICY, failing(2), T0, 2_000, 1).notBefore).toBe(T0 + 2_000);
    expect(planNextAttempt(POLICY, failing(2), T0, 0, 1).notBefore).toBe(T0 + 1_000);
  });

  test('of an address that has failed for days is as far off as the schedule goes, and it is paused', () => {
    expect(planNextAttempt(POLICY, failing(1, 86_400_000), T0, undefined, 0)).toEqual({
      notBefore: T0 + 3_600_000,
      pause: true,
    });
  });

  test('is never farther off than the schedule goes, whatever the address says', () => {
    expect(planNextAttempt(POLICY, null, T0, 999_999_999_000, 0).notBefore).toBe(T0 + 3_600_000);
  });

  test('of a paused address is as far off, though it asks to come sooner', () => {
    expect(planNextAttempt(POLICY, failing(1, 86_400_000), T0, 1_000, 0).notBefore).toBe(T0 + 3_600_000);
  });
});
