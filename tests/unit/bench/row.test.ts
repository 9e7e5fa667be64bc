import { describe, expect, test } from '@jest/globals';
import { holds, toRecord, type Aim, type Row } from '../../../bench/row.ts';

const row: Row = {
  name: 'a turn',
  value: 120,
  unit: 'ms',
  beside: [
    { name: 'by hand', value: 80, unit: 'ms' },
    { name: 'the disk', value: 5_000, unit: '/s' },
  ],
  aims: [],
};

describe('an aim', () => {
  test.each<[Aim, boolean]>([
    [{ kind: 'value', bound: 'at most', limit: 120 }, true],
    [{ kind: 'value', bound: 'at most', limit: 119 }, false],
    [{ kind: 'value', bound: 'at least', limit: 120 }, true],
    [{ kind: 'value', bound: 'at least', limit: 121 }, false],
    [{ kind: 'difference', bound: 'at most', limit: 40, of: 'by hand' }, true],
    [{ kind: 'difference', bound: 'at most', limit: 39, of: 'by hand' }, false],
    [{ kind: 'ratio', bound: 'at most', limit: 1.5, of: 'by hand' }, true],
    [{ kind: 'ratio', bound: 'at least', limit: 1.6, of: 'by hand' }, false],
  ])('%j: %s', (aim, expected) => {
    expect(holds(row, aim)).toBe(expected);
  });

  test.each(['at most', 'at least'] as const)('%s is missed by what was not measured', (bound) => {
    expect(holds({ ...row, value: Number.NaN }, { kind: 'value', bound, limit: 1 })).toBe(false);
  });

  test('names a figure that is there', () => {
    const aim: Aim = { kind: 'ratio', bound: 'at most', limit: 1, of: 'nobody' };
    expect(() => holds(row, aim)).toThrow('nobody');
  });
});

test('as JSON a row says its ratios and whether its aims hold', () => {
  const aim: Aim = { kind: 'value', bound: 'at most', limit: 100 };
  expect(toRecord({ ...row, aims: [aim] })).toEqual({
    ...row,
    beside: [
      { name: 'by hand', value: 80, unit: 'ms', ratio: 1.5 },
      { name: 'the disk', value: 5_000, unit: '/s', ratio: null },
    ],
    aims: [{ ...aim, holds: false }],
  });
});
