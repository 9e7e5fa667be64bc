import { describe, expect, test } from '@jest/globals';
import { fit } from '../../../../src/cli/shown/fit.ts';

const NOW = Date.parse('2026-01-31T12:00:00.000Z');
const ID = 'req-mx2xwqbt-PtovtbGfaEWk7A0X';
const ROWS = [
  ['REQUEST', 'WORKSPACE', 'STATE', 'REASON', 'SOURCE', 'ACCEPTED', 'TOOK'],
  [ID, 'website', 'failed', 'agent_unavailable', 'http', '2026-01-31T11:54:00.000Z', '0s'],
];

describe('fit', () => {
  test('where there is room, a table stays as it is', () => {
    expect(fit(ROWS, 110, [], NOW)).toEqual([
      'REQUEST                        WORKSPACE  STATE   REASON             SOURCE  ACCEPTED                  TOOK',
      `${ID}  website    failed  agent_unavailable  http    2026-01-31T11:54:00.000Z  0s`,
    ]);
  });

  test('at 80 columns instants are ages, and spare columns go', () => {
    expect(fit(ROWS, 80, ['SOURCE', 'TOOK'], NOW)).toEqual([
      'REQUEST                        WORKSPACE  STATE   REASON             ACCEPTED',
      `${ID}  website    failed  agent_unavailable  6m ago`,
    ]);
  });

  test('a last column of words goes on below itself, and words are parted at spaces', () => {
    expect(
      fit(
        [
          ['CHECK', 'IS', 'MORE'],
          ['agent', 'FAILS', 'no credentials: set one of two variables'],
        ],
        44,
        [],
      ),
    ).toEqual(['CHECK  IS     MORE', 'agent  FAILS  no credentials: set one of two', '              variables']);
  });

  test.each([30, 60, 79, 80])('at %d columns an id is whole', (columns) => {
    expect(fit(ROWS, columns, ['SOURCE', 'TOOK'], NOW)[1]).toMatch(new RegExp(`^${ID} `));
  });

  test.each([80, 100, 120])('no line is longer than %d columns', (columns) => {
    const owed = ['dlv-mx2xwqbt-PtovtbGfaEWk7A0X', 'waiting', `webhook:https://example.org/${'x'.repeat(90)}`];
    const lines = fit(
      [
        ['DELIVERY', 'STATE', 'TO', 'ERROR'],
        [...owed, 'connect ECONNREFUSED '.repeat(9)],
      ],
      columns,
      [],
    );
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(columns);
  });

  test.each([
    ['2026-01-31T11:59:55.000Z', '5s ago'],
    ['2026-01-31T14:30:00.000Z', 'in 2h'],
    ['2026-01-01T12:00:00.000Z', '30d ago'],
    ['-', '-'],
  ])('%s is told as %s', (at, told) => {
    expect(fit([['WHEN'], [at]], 3, [], NOW)[1]).toBe(told);
  });
});
