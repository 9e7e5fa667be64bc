import { expect, test } from '@jest/globals';
import { toSocketPath } from '../../../../../src/agents/tmux/server/socket-path.ts';

const of = (dataDir: string, userHome = '/home/op', stewardSocket: string | null = null): string =>
  toSocketPath({ dataDir, userHome: () => userHome, stewardSocket });

test('the socket of tmux lies in the data folder', () => {
  expect(of('/srv/gatehouse/data')).toBe('/srv/gatehouse/data/tmux/server');
});

test('a data folder is as long as it may be when the path of its socket has 103 bytes', () => {
  expect(of(`/${'d'.repeat(90)}`)).toHaveLength(103);
});

test.each([`/${'d'.repeat(91)}`, `/${'ü'.repeat(46)}`, '/srv/a,b'])(
  'from %s, which no socket can lie in, it moves to the home of the user',
  (dataDir) => {
    expect(of(dataDir)).toMatch(/^\/home\/op\/\.gatehouse\/tmux-[0-9a-f]{12}\/server$/);
  },
);

test('each data folder has a socket of its own there', () => {
  const [one, two] = [`/${'d'.repeat(100)}/1`, `/${'d'.repeat(100)}/2`];
  expect(of(one)).not.toBe(of(two));
  expect(of(one)).toBe(of(one));
});

test('with a home that is too long as well, the refusal names DATA_DIR', () => {
  expect(() => of(`/${'d'.repeat(91)}`, `/${'h'.repeat(91)}`)).toThrow(/^DATA_DIR: \/d+ is too long/);
});

test('in the container it lies beside the steward’s, for the data folder is not the agents’', () => {
  expect(of('/data', '/data', '/run/gatehouse/steward')).toBe('/run/gatehouse/tmux/server');
});
