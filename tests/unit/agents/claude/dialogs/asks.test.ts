import { describe, expect, test } from '@jest/globals';
import { subjectsOf, toHookAnswer } from '../../../../../src/agents/claude/dialogs/asks.ts';
import { DENIED, toKind } from '../../../../../src/agents/program/asking/permission.ts';
import type { Decision } from '../../../../../src/core/model/approval.ts';
import type { ApprovalAsk } from '../../../../../src/core/ports/agent.ts';

const ALLOW: Decision = { allow: true, message: null, remember: false, answers: null, mode: null };
const DENY: Decision = { ...ALLOW, allow: false };
const RULES = [
  {
    type: 'addRules',
    behavior: 'allow',
    rules: [{ toolName: 'Bash', ruleContent: 'ls:*' }],
    destination: 'localSettings',
  },
  { type: 'setMode', mode: 'acceptEdits', destination: 'session' },
];
const TOOL: ApprovalAsk = {
  kind: 'tool',
  toolUseId: 'use-1',
  subagent: null,
  tool: 'Bash',
  input: { command: 'ls' },
  rules: RULES,
};
const PLAN: ApprovalAsk = { ...TOOL, kind: 'plan', tool: 'ExitPlanMode', input: { plan: 'all' } };
const INPUT = { questions: [{ question: 'Which colour?' }, { question: 'Which sizes?' }], more: 1 };
const QUESTION: ApprovalAsk = { ...TOOL, kind: 'question', tool: 'AskUserQuestion', input: INPUT };

test.each([
  ['AskUserQuestion', 'question'],
  ['ExitPlanMode', 'plan'],
  ['Bash', 'tool'],
  ['mcp__server__AskUserQuestion', 'tool'],
])('a use of %s is a %s', (tool, kind) => {
  expect(toKind(tool)).toBe(kind);
});

describe('the dialog of a prompt is known', () => {
  test.each<[string, string, Readonly<Record<string, unknown>>, readonly string[]]>([
    ['its command', 'Bash', { command: 'ls', description: 'List files' }, ['ls']],
    ['its address', 'WebFetch', { url: 'http://h/x', prompt: 'what' }, ['http://h/x']],
    [
      'its file, or a question about it',
      'Write',
      { file_path: '/work/a/n.txt', content: 'x' },
      ['/work/a/n.txt', 'a/n.txt', 'create n.txt?', 'overwrite n.txt?', 'edit to n.txt?'],
    ],
    [
      'its notebook',
      'NotebookEdit',
      { notebook_path: '/w/n.ipynb' },
      ['/w/n.ipynb', '../w/n.ipynb', 'create n.ipynb?', 'overwrite n.ipynb?', 'edit to n.ipynb?'],
    ],
    ['the words of a tool that nobody knows', 'mcp__a__search', { query: 'cats', n: 3, in: 'x' }, ['cats']],
    ['its name without any words', 'mcp__server__list_all', { n: 3 }, ['list_all']],
  ])('by %s', (_name, tool, input, subjects) => {
    expect(subjectsOf({ kind: 'tool', tool, input }, '/work')).toEqual(subjects);
  });

  test('by its questions', () => {
    expect(subjectsOf(QUESTION, '/work')).toEqual(['Which colour?', 'Which sizes?']);
  });

  test('by the words that every plan has', () => {
    expect(subjectsOf(PLAN, '/work')).toEqual(['Would you like to proceed?', 'Claude wants to exit plan mode']);
  });
});

describe('what the agent hook answers', () => {
  const session = (mode: string) => [{ type: 'setMode', mode, destination: 'session' }];

  test.each<[string, ApprovalAsk, Decision, object]>([
    ['allows', TOOL, ALLOW, { behavior: 'allow' }],
    ['denies with the words of the decision', TOOL, { ...DENY, message: 'no' }, { behavior: 'deny', message: 'no' }],
    ['denies with words of its own', TOOL, DENY, { behavior: 'deny', message: DENIED }],
    ['denies a question', QUESTION, { ...DENY, message: 'guess' }, { behavior: 'deny', message: 'guess' }],
    [
      'remembers for this session alone, wherever the agent would put it',
      TOOL,
      { ...ALLOW, remember: true },
      { behavior: 'allow', updatedPermissions: RULES.map((rule) => ({ ...rule, destination: 'session' })) },
    ],
    [
      'remembers nothing where no rule is offered',
      { ...TOOL, rules: [] },
      { ...ALLOW, remember: true },
      { behavior: 'allow' },
    ],
    [
      'lets a plan go on and asks for each',
      PLAN,
      ALLOW,
      { behavior: 'allow', updatedInput: PLAN.input, updatedPermissions: session('default') },
    ],
    [
      'lets a plan go on with edits',
      PLAN,
      { ...ALLOW, mode: 'accept_edits' },
      { behavior: 'allow', updatedInput: PLAN.input, updatedPermissions: session('acceptEdits') },
    ],
    [
      'answers questions, several joined',
      QUESTION,
      { ...ALLOW, answers: { 'Which colour?': 'Blue', 'Which sizes?': ['S', 'L'] } },
      {
        behavior: 'allow',
        updatedInput: { ...INPUT, answers: { 'Which colour?': 'Blue', 'Which sizes?': 'S, L' } },
      },
    ],
  ])('%s', (_name, ask, decision, expected) => {
    expect(toHookAnswer(ask, decision)).toEqual({
      hookSpecificOutput: { hookEventName: 'PermissionRequest', decision: expected },
    });
  });
});
