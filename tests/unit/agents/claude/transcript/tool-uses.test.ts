import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { createAgentFiles } from '../../../../../src/agents/program/files/agent-files.ts';
import {
  listSubagents,
  readToolUses,
  toSubagentFile,
  type ToolUse,
} from '../../../../../src/agents/claude/transcript/tool-uses.ts';
import {
  assistantLine,
  hookDecisionLine,
  toolResultLine,
  userLine,
} from '../../../../helpers/scripted-agent/transcript.ts';
import { createTempFolder } from '../../../../helpers/temp-folder.ts';

const files = createAgentFiles({ home: '/nowhere', settings: '/nowhere' });
const REJECTED = "The user doesn't want to proceed with this tool use. The tool use was rejected.";

const used = (id: string, name = 'Bash', input: object = { command: id }): object =>
  assistantLine([{ type: 'tool_use', id, name, input }]);
const returned = (id: string, content = 'done', isError = false): object => toolResultLine('p1', id, content, isError);

async function readLines(lines: readonly object[], from: readonly object[] = []): Promise<readonly ToolUse[]> {
  using folder = createTempFolder();
  const file = path.join(folder.path, 's1.jsonl');
  const text = (those: readonly object[]): string => those.map((line) => `${JSON.stringify(line)}\n`).join('');
  await writeFile(file, text(from) + text(lines));
  const uses = await readToolUses(files, { file, offset: Buffer.byteLength(text(from)) });
  return uses;
}

describe('a use of a tool', () => {
  test.each<[string, readonly object[], Partial<ToolUse>]>([
    ['waits or runs', [], { byHook: null, result: null }],
    ['was allowed by the agent hook', [hookDecisionLine('u1', 'allow')], { byHook: 'allow', result: null }],
    ['was denied by the agent hook', [hookDecisionLine('u1', 'deny')], { byHook: 'deny', result: null }],
    ['returned', [returned('u1')], { result: 'returned', text: 'done' }],
    ['failed, and so returned', [returned('u1', 'exit code 1', true)], { result: 'returned', text: 'exit code 1' }],
    [
      'was refused at the dialog',
      [returned('u1', REJECTED, true)],
      { byHook: null, result: 'rejected', text: REJECTED },
    ],
    [
      'was allowed and returned',
      [hookDecisionLine('u1', 'allow'), returned('u1')],
      { byHook: 'allow', result: 'returned', text: 'done' },
    ],
  ])('%s', async (_name, more, expected) => {
    const lines = [userLine('hello', 'p1', 'typed'), used('u1'), ...more];
    const blank: ToolUse = { id: 'u1', tool: 'Bash', input: { command: 'u1' }, byHook: null, result: null, text: '' };
    expect(await readLines(lines)).toEqual([{ ...blank, ...expected }]);
  });

  test('is told by a result that is a list of blocks', async () => {
    const blocks = [{ type: 'image' }, { type: 'text', text: REJECTED }];
    const content = [{ type: 'tool_result', tool_use_id: 'u1', content: blocks }];
    const [use] = await readLines([used('u1'), { type: 'user', message: { role: 'user', content } }]);
    expect(use?.result).toBe('rejected');
  });

  test('that began before the place has an end and no name', async () => {
    expect(await readLines([returned('u1')], [used('u0'), used('u1')])).toEqual([
      { id: 'u1', tool: null, input: {}, byHook: null, result: 'returned', text: 'done' },
    ]);
  });

  test('is one of several, in the order of their begins', async () => {
    const both = assistantLine([
      { type: 'text', text: 'I look.' },
      { type: 'tool_use', id: 'u1', name: 'Bash', input: {} },
      { type: 'tool_use', id: 'u2', name: 'Read', input: {} },
    ]);
    const uses = await readLines([both, returned('u2'), hookDecisionLine('u1', 'deny'), used('u3', 'Write')]);
    expect(uses.map(({ id, tool, byHook, result }) => [id, tool, byHook, result])).toEqual([
      ['u1', 'Bash', 'deny', null],
      ['u2', 'Read', null, 'returned'],
      ['u3', 'Write', null, null],
    ]);
  });

  test('is not seen in text, in other lines, or in one that is still being written', async () => {
    using folder = createTempFolder();
    const file = path.join(folder.path, 's1.jsonl');
    const other = { type: 'attachment', attachment: { type: 'edited_text_file', toolUseID: 'u9' } };
    const half = JSON.stringify(used('u2')).slice(0, -5);
    const lines = [userLine('tool_use u7', 'p1', 'typed'), other, used('u1')].map((line) => JSON.stringify(line));
    await writeFile(file, [...lines, half].join('\n'));
    expect((await readToolUses(files, { file, offset: 0 })).map(({ id }) => id)).toEqual(['u1']);
  });

  test('is in no file that is not there', async () => {
    expect(await readToolUses(files, { file: '/nowhere/s1.jsonl', offset: 0 })).toEqual([]);
  });
});

describe('subagents', () => {
  test('have transcripts of their own beside that of their conversation', async () => {
    using folder = createTempFolder();
    const transcript = path.join(folder.path, 's1.jsonl');
    const file = toSubagentFile(transcript, 'a1b2');
    expect(file).toBe(path.join(folder.path, 's1', 'subagents', 'agent-a1b2.jsonl'));
    await mkdir(path.dirname(file), { recursive: true });
    for (const name of ['agent-a1b2.jsonl', 'agent-c3.jsonl', 'agent-c3.meta.json', 'notes.txt'])
      await writeFile(path.join(path.dirname(file), name), '');
    expect((await listSubagents(files, transcript)).toSorted()).toEqual(['a1b2', 'c3']);
  });

  test('are none where there is no folder', async () => {
    expect(await listSubagents(files, '/nowhere/s1.jsonl')).toEqual([]);
  });
});
