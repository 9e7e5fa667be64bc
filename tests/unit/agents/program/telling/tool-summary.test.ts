import { expect, test } from '@jest/globals';
import { toSummary } from '../../../../../src/agents/program/telling/tool-summary.ts';

test.each<[string, Readonly<Record<string, unknown>>, string]>([
  ['the command of a shell', { description: 'Say hi', command: 'echo hi \\\n  there' }, 'echo hi \\ there'],
  ['the path of a file, not its content', { content: 'a lot', file_path: '/a/b' }, '/a/b'],
  ['the first text of an unknown tool', { depth: 3, topic: 'birds' }, 'birds'],
  ['all of an input without texts', { depth: 3 }, '{"depth":3}'],
  ['nothing', {}, '{}'],
])('a summary is %s', (_name, input, summary) => {
  expect(toSummary(input)).toBe(summary);
});

test('a summary has at most 200 characters, whole ones', () => {
  expect(toSummary({ command: 'x'.repeat(5_000) })).toBe(`${'x'.repeat(199)}…`);
  expect(toSummary({ command: '🚪'.repeat(5_000) })).toBe(`${'🚪'.repeat(199)}…`);
});
