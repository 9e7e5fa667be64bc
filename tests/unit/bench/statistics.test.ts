import { describe, expect, test } from '@jest/globals';
import { median, quantile } from '../../../bench/statistics.ts';

describe('quantile', () => {
  const hundred = Array.from({ length: 100 }, (_, at) => 100 - at);

  test.each([
    [0, 1],
    [0.5, 50],
    [0.95, 95],
    [0.99, 99],
    [1, 100],
  ])('%d of a hundred values is reached by so many of them', (part, expected) => {
    expect(quantile(hundred, part)).toBe(expected);
  });

  test('of a few values the p95 is the largest', () => {
    expect(quantile([3, 1, 2], 0.95)).toBe(3);
  });
});

describe('median', () => {
  test.each([
    [[5, 1, 3], 3],
    [[4, 1, 3, 2], 2.5],
    [[7], 7],
  ])('of %j is %d', (values, expected) => {
    expect(median(values)).toBe(expected);
  });

  test('of nothing is no number', () => {
    expect([median([]), quantile([], 0.5)]).toEqual([Number.NaN, Number.NaN]);
  });
});
