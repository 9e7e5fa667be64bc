import { getActiveResourcesInfo } from 'node:process';
import { describe, expect, test } from '@jest/globals';
import { settlesWithin } from '../../../src/lib/settles-within.ts';

const never = new Promise<void>(() => {});
const DAY_MS = 86_400_000;

const timers = (): number => getActiveResourcesInfo().filter((name) => name === 'Timeout').length;

describe('a promise settles within a time', () => {
  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['false', false],
  ])('when it resolves with %s, and no timer is left', async (_name, value) => {
    const before = timers();
    expect(await settlesWithin(Promise.resolve(value), DAY_MS, AbortSignal.any([]))).toBe(true);
    expect(timers()).toBe(before);
  });

  test('when it resolves later, but in time', async () => {
    const later = Promise.withResolvers<void>();
    const settled = settlesWithin(later.promise, DAY_MS, AbortSignal.any([]));
    later.resolve();
    expect(await settled).toBe(true);
  });

  test('or not, when the time is over', async () => {
    expect(await settlesWithin(never, 1, AbortSignal.any([]))).toBe(false);
  });

  test('or not, when the signal aborts, and no timer is left', async () => {
    const before = timers();
    const stop = new AbortController();
    const settled = settlesWithin(never, DAY_MS, stop.signal);
    stop.abort();
    expect(await settled).toBe(false);
    expect(await settlesWithin(never, DAY_MS, AbortSignal.abort())).toBe(false);
    expect(timers()).toBe(before);
  });

  test('rejects with what it rejects with, and no timer is left', async () => {
    const before = timers();
    const failing = settlesWithin(Promise.reject(new Error('no')), DAY_MS, AbortSignal.any([]));
    await expect(failing).rejects.toThrow('no');
    expect(timers()).toBe(before);
  });
});
