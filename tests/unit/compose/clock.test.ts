import { afterEach, expect, jest, test } from '@jest/globals';
import { clock } from '../../../src/compose/clock.ts';

afterEach(() => void jest.useRealTimers());

const DAY_MS = 86_400_000;

test('what is due in months is not due at once, and may be called off', () => {
  jest.useFakeTimers();
  let due = 0;
  clock.after(60 * DAY_MS, () => (due += 1));
  const callOff = clock.after(60 * DAY_MS, () => (due += 100));
  jest.advanceTimersByTime(60 * DAY_MS - 1);
  expect(due).toBe(0);
  callOff();
  jest.advanceTimersByTime(1);
  expect([due, jest.getTimerCount()]).toEqual([1, 0]);
});
