import { expect, test } from '@jest/globals';
import { toAgentEnvironment, toAgentVariables, toArgv } from '../../../../../src/agents/program/launch/launch.ts';

const credentials = { apiKey: null, oauthToken: null, baseUrl: null };
const options = { bin: '/claude', home: '/home', model: null, permissionMode: 'default', extraArgs: [], credentials };

test.each([
  ['2.1.332', 'CLAUDE_CODE_DISABLE_FILE_MENTIONS', 'CLAUDE_CODE_DISABLE_ATTACHMENTS'],
  ['2.1.197', 'CLAUDE_CODE_DISABLE_ATTACHMENTS', 'CLAUDE_CODE_DISABLE_FILE_MENTIONS'],
])('in %s no mention attaches a file, by %s alone', (version, used, unused) => {
  const variables = toAgentVariables(version);
  expect([variables[used], variables[unused]]).toEqual(['1', undefined]);
  expect(toAgentEnvironment(options, version)).toMatchObject(variables);
});

test('an unknown version is kept from all attachments', () => {
  expect(toAgentVariables(null)).toMatchObject({ CLAUDE_CODE_DISABLE_ATTACHMENTS: '1' });
});

test('no conversation is so old or long that its resume is asked about', () => {
  const variables = toAgentVariables('2.1.332');
  expect(Number(variables['CLAUDE_CODE_RESUME_THRESHOLD_MINUTES'])).toBeGreaterThan(60 * 24 * 365 * 100);
  expect(Number(variables['CLAUDE_CODE_RESUME_TOKEN_THRESHOLD'])).toBeGreaterThan(1e8);
});

test('a permission mode is always named: the agent has one of its own by default', () => {
  const spec = { workspace: 'w', cwd: '/w', agentSessionId: 'id' };
  const argv = toArgv(options, '/settings', spec, false);
  expect(argv.slice(argv.indexOf('--permission-mode'))).toEqual(['--permission-mode', 'default']);
});
