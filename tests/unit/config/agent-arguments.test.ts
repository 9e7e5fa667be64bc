import { expect, test } from '@jest/globals';
import { findWrongArguments } from '../../../src/config/agent-arguments.ts';
import { readConfig } from '../../../src/config/config.ts';

test.each([
  [[]],
  [['--add-dir', '/a', '/b', '--verbose']],
  [['--append-system-prompt', 'be brief']],
  [['--append-system-prompt=be brief', '--effort', 'high']],
  [['--mcp-config', 'a.json', 'b.json', '--strict-mcp-config']],
  [['--script', 'x.json', '--journal', 'y']],
  [['--debug=api', '-d', 'hooks']],
])('T23: %j passes', (words) => {
  expect(findWrongArguments(words)).toEqual([]);
});

test.each([
  [['--settings', 'x'], /^--settings is not allowed: the gateway passes its own/],
  [['--settings={}'], /^--settings is not allowed/],
  [['--bare'], /^--bare is not allowed/],
  [['-p'], /^-p is not allowed/],
  [['--continue'], /^--continue is not allowed/],
  [['-c'], /^-c is not allowed/],
  [['--resume', 'x'], /^--resume is not allowed/],
  [['--session-id', 'x'], /^--session-id is not allowed/],
  [['--worktree', 'x'], /^--worktree is not allowed/],
  [['-w'], /^-w is not allowed/],
  [['--permission-mode', 'plan'], /set CLAUDE_PERMISSION_MODE$/],
  [['--model', 'opus'], /set CLAUDE_MODEL$/],
  [['hello'], /^word 1 belongs to no option: it would be a prompt at every start$/],
  [['--verbose', 'hello'], /^word 2 belongs to no option/],
  [['--effort', 'high', 'hello'], /^word 3 belongs to no option/],
  [['--effort=high', 'hello'], /^word 2 belongs to no option/],
  [['--', 'hello'], /^-- is not allowed/],
] as const)('T23: %j is refused', (words, problem) => {
  expect(findWrongArguments(words)[0]).toMatch(problem);
});

test('T23: each wrong argument is told by its variable, and a lone word is not repeated', () => {
  const read = (): unknown => readConfig({ CLAUDE_EXTRA_ARGS: '--bare --verbose s3cret' });
  expect(read).toThrow(/CLAUDE_EXTRA_ARGS: --bare is not allowed/);
  expect(read).toThrow(/CLAUDE_EXTRA_ARGS: word 3 belongs to no option/);
  expect(read).not.toThrow(/s3cret/);
});
