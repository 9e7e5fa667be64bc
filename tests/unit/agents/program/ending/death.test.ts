import { expect, test } from '@jest/globals';
import { describeDeath, withDisk, type Death } from '../../../../../src/agents/program/ending/death.ts';

const agent = (exitCode: number | null, lines = ''): Death => ({ what: 'agent', exitCode, lines });

test.each<readonly [Death, RegExp]>([
  [agent(0), /^The agent's program ended with exit code 0\./],
  [agent(3, 'Fatal: one\ntwo'), /exit code 3\. .* Its last lines:\nFatal: one\ntwo$/],
  [agent(137), /killed by SIGKILL .*memory/],
  [agent(143), /was ended by SIGTERM/],
  [agent(null), /together with the shell/],
  [{ what: 'tmux_session' }, /tmux session was ended from outside/],
  [{ what: 'tmux_server' }, /tmux server was killed or crashed, and all agents ended with it/],
])('T15: the end of %j is told with what ended, and the way out', (death, words) => {
  expect(describeDeath(death, 'life')).toMatch(words);
  expect(describeDeath(death, 'life')).toContain('The next request starts it again, with its conversation.');
});

test.each<Death>([agent(1), agent(null), { what: 'tmux_session' }, { what: 'tmux_server' }])(
  'T15: no last lines are announced where there are none (%j)',
  (death) => {
    for (const when of ['start', 'life'] as const) expect(describeDeath(death, when)).not.toContain('last lines');
  },
);

test.each<Death>([agent(1), { what: 'tmux_session' }, { what: 'tmux_server' }])(
  'at a start it is told that the agent took no input, and no next start is promised (%j)',
  (death) => {
    expect(describeDeath(death, 'start')).toMatch(/before (it|the agent) took input/);
    expect(describeDeath(death, 'start')).not.toContain('next request');
  },
);

test('T15: a full disk is named first, for it keeps the next agent from its work, too', () => {
  expect(withDisk('It ended.', true)).toMatch(/^The disk of .*\(AGENT_HOME\) is full: make room on it\. It ended\.$/);
  expect(withDisk('It ended.', false)).toBe('It ended.');
});
