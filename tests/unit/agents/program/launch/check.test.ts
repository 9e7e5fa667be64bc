import { expect, test } from '@jest/globals';
import { check } from '../../../../../src/agents/program/launch/check.ts';
import type { ClaudeOptions } from '../../../../../src/agents/claude/driver/options.ts';
import type { AgentFiles } from '../../../../../src/agents/program/files/agent-files.ts';

const given = { apiKey: 'sk-ant-x', oauthToken: null, baseUrl: null };
const nothing = { apiKey: null, oauthToken: null, baseUrl: null };
/** A program that is there, and says this version of itself. */
const ask = (
  version: string | null,
  credentials: ClaudeOptions['credentials'] = given,
  bin: string | null = process.execPath,
) =>
  check({
    bin,
    credentials,
    home: '/nowhere',
    files: { sizeOf: async () => null, version: async () => version } as unknown as AgentFiles,
  });

test('an agent of a tested version with credentials is ready', async () => {
  expect(await ask('2.1.332')).toEqual({
    installed: true,
    credentials: true,
    hint: null,
    version: '2.1.332',
    warning: null,
  });
});

test.each([
  ['2.2.0', 'version_untested: Claude Code 2.2.0 was not tested'],
  [null, 'version_unknown: the program of Claude Code does not tell its version'],
])('the version %s is ready, and warned of', async (version, warning) => {
  expect(await ask(version)).toMatchObject({
    installed: true,
    hint: null,
    version,
    warning: expect.stringContaining(warning),
  });
});

test('what is missing is told with the way out', async () => {
  expect(await ask('2.1.332', nothing)).toMatchObject({
    credentials: false,
    hint: expect.stringContaining('ANTHROPIC_API_KEY'),
  });
  expect(await ask('2.1.332', given, '/not/here')).toMatchObject({
    installed: false,
    version: null,
    warning: null,
    hint: expect.stringContaining('CLAUDE_BIN'),
  });
});
