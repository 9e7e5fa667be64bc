import { expect, test } from '@jest/globals';
import { toTable } from '../../../bench/table.ts';

test('each figure stands above those it is measured by, with its aims', () => {
  const table = toTable([
    {
      name: 'accepts',
      value: 3_712.6,
      unit: '/s',
      beside: [
        { name: 'the disk', value: 5_000, unit: '/s' },
        { name: 'a turn', value: 0.1234, unit: 'ms' },
      ],
      aims: [{ kind: 'value', bound: 'at least', limit: 2_000 }],
    },
    {
      name: 'a turn',
      value: 120,
      unit: 'ms',
      beside: [{ name: 'by hand', value: 79.96, unit: 'ms' }],
      aims: [
        { kind: 'difference', bound: 'at most', limit: 40, of: 'by hand' },
        { kind: 'ratio', bound: 'at most', limit: 1.6, of: 'by hand' },
      ],
    },
    { name: 'the image', missing: 'no engine answers' },
  ]);
  expect(table.split('\n')).toEqual([
    '| what       |   figure |   ratio | aim                                                                   |',
    '|------------|---------:|--------:|-----------------------------------------------------------------------|',
    '| accepts    |  3,713/s |         | at least 2,000/s: holds                                               |',
    '| – the disk |  5,000/s | 0.743 × |                                                                       |',
    '| – a turn   | 0.123 ms |         |                                                                       |',
    '| a turn     |   120 ms |         | at most 40 ms above by hand: **MISSED**; at most 1.6 × by hand: holds |',
    '| – by hand  |    80 ms |   1.5 × |                                                                       |',
    '| the image  |        – |         | no engine answers                                                     |',
  ]);
});

test('what was not measured has no digits', () => {
  const table = toTable([{ name: 'a turn', value: Number.NaN, unit: 'ms', beside: [], aims: [] }]);
  expect(table).toMatch(/a turn \| +\? ms/);
});
