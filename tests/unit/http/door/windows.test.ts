import { expect, test } from '@jest/globals';
import { Windows } from '../../../../src/http/door/windows.ts';

interface Found {
  readonly current: number;
  readonly ttl: number;
}

function open(cache?: number) {
  let now = 50_000;
  const windows = new Windows(cache === undefined ? {} : { cache }, () => now);
  const ask =
    (how: 'incr' | 'read') =>
    (key: string): Found => {
      let told: Found = { current: NaN, ttl: NaN };
      windows[how](key, (_error, found) => (told = found ?? told), 1_000);
      return told;
    };
  return { incr: ask('incr'), read: ask('read'), pass: (ms: number) => (now += ms) };
}

test('counts in a window from its first, and begins anew behind it', () => {
  const { incr, read, pass } = open();
  expect(read('a')).toEqual({ current: 0, ttl: 0 });
  expect(incr('a')).toEqual({ current: 1, ttl: 1_000 });
  pass(400.5);
  expect(incr('a')).toEqual({ current: 2, ttl: 600 });
  expect(incr('b')).toEqual({ current: 1, ttl: 1_000 });
  expect(read('a')).toEqual({ current: 2, ttl: 600 });
  pass(599.5);
  expect(read('a')).toEqual({ current: 0, ttl: 0 });
  expect(incr('a')).toEqual({ current: 1, ttl: 1_000 });
});

test('remembers the latest ones', () => {
  const { incr, read } = open(2);
  for (const key of ['a', 'b', 'a', 'c']) incr(key);
  expect(['a', 'b', 'c'].map((key) => read(key).current)).toEqual([2, 0, 1]);
});

test('a clock that is set moves no window', () => {
  const windows = new Windows({});
  const ttls: number[] = [];
  const now = Date.now;
  try {
    for (const byMs of [0, 3_600_000, -3_600_000]) {
      Date.now = () => now() + byMs;
      windows.incr('a', (_error, found) => ttls.push(found?.ttl ?? NaN), 60_000);
    }
  } finally {
    Date.now = now;
  }
  for (const ttl of ttls) expect(Math.abs(60_000 - ttl)).toBeLessThan(10_000);
});
