import { describe, expect, test } from '@jest/globals';
import { modeIn, toSessionSettings } from '../../../../../src/agents/program/settings/session-settings.ts';
import type { AgentRule } from '../../../../../src/core/model/approval.ts';

const rule = (toolName: string, ruleContent?: string): object => ({ toolName, ...(ruleContent && { ruleContent }) });
const added = (behavior: string, ...rules: readonly object[]): AgentRule => ({ type: 'addRules', behavior, rules });
const MODE: AgentRule = { type: 'setMode', mode: 'acceptEdits', destination: 'session' };

const permissionsOf = (rules: readonly AgentRule[]): unknown => toSessionSettings(rules, 'default', {})['permissions'];

describe('what was remembered', () => {
  test.each<[string, readonly AgentRule[], readonly string[], readonly string[]]>([
    ['is nothing at first', [], [], []],
    ['is a rule for a tool', [added('allow', rule('WebSearch'))], ['WebSearch'], []],
    ['is a rule for uses of a tool', [added('allow', rule('Bash', 'ls:*'))], ['Bash(ls:*)'], []],
    [
      'is every rule of each',
      [added('allow', rule('Bash', 'a b'), rule('Read', '//etc/**')), added('allow', rule('Bash', 'c'))],
      ['Bash(a b)', 'Read(//etc/**)', 'Bash(c)'],
      [],
    ],
    ['is a folder', [{ type: 'addDirectories', directories: ['/one', '/two'] }], [], ['/one', '/two']],
    ['allows nothing that is denied or asked for', [added('deny', rule('Bash')), added('ask', rule('Bash'))], [], []],
    [
      'is no rule when it is a mode, or of a form that nobody knows',
      [MODE, { type: 'addRules', behavior: 'allow' }],
      [],
      [],
    ],
  ])('%s', (_name, rules, allow, additionalDirectories) => {
    expect(permissionsOf(rules)).toEqual({ allow, additionalDirectories });
  });

  test.each<[string, readonly AgentRule[], string | null]>([
    ['no mode', [added('allow', rule('Bash'))], null],
    ['a mode', [MODE, added('allow', rule('Bash'))], 'acceptEdits'],
    ['the last of several modes', [MODE, { type: 'setMode', mode: 'plan' }], 'plan'],
    ['a mode of no form that is known', [{ type: 'setMode', mode: 7 }], null],
  ])('holds %s', (_name, rules, mode) => {
    expect(modeIn(rules)).toBe(mode);
  });
});

test.each([
  ['bypassPermissions', true],
  ['default', undefined],
])('the warning of a mode is answered for the one who set it: %s', (mode, answered) => {
  const { skipDangerousModePermissionPrompt } = toSessionSettings([], mode, {}) as Record<string, unknown>;
  expect(skipDangerousModePermissionPrompt).toBe(answered);
});

test('no other session puts a prompt in, and no conversation is deleted while it sleeps', () => {
  expect(toSessionSettings([], 'default', {})).toMatchObject({
    crossSessionInbound: 'refuse',
    cleanupPeriodDays: 36_500,
  });
});
