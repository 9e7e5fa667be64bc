import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { createAgentFiles } from '../../../../../src/agents/program/files/agent-files.ts';
import { readSteps, type Step } from '../../../../../src/agents/claude/transcript/steps.ts';
import { createTempFolder } from '../../../../helpers/temp-folder.ts';

type Line = Readonly<Record<string, unknown>>;

const files = createAgentFiles({ home: '/nowhere', settings: '/nowhere' });
const user = (content: unknown, promptId = 'ours', more: Line = {}): Line => ({
  type: 'user',
  promptId,
  message: { role: 'user', content },
  ...more,
});
const assistant = (block: object, more: Line = {}): Line => ({
  type: 'assistant',
  message: { role: 'assistant', content: [block] },
  ...more,
});
const say = (text: string, more?: Line): Line => assistant({ type: 'text', text }, more);
const use = assistant({ type: 'tool_use', id: 't1', name: 'Bash', input: { command: 'ls' } });
const result = (isError: boolean): Line =>
  user([{ type: 'tool_result', tool_use_id: 't1', content: 'x', is_error: isError }]);

/** Each line follows the one before it. */
async function read(lines: readonly Line[], earlier: readonly string[] = []): Promise<readonly Step[]> {
  using folder = createTempFolder();
  const file = path.join(folder.path, 'one.jsonl');
  const placed = lines.map((line, index) => ({
    parentUuid: index === 0 ? null : `u${index - 1}`,
    uuid: `u${index}`,
    ...line,
  }));
  await writeFile(file, placed.map((line) => `${JSON.stringify(line)}\n`).join(''));
  return await readSteps(files, { file, offset: 0 }, 'hello', new Set(earlier));
}

test('the steps of a turn are its texts and its uses of tools, in order', async () => {
  expect(await read([user('hello'), say('I look.'), use, result(true), say('Nothing.\n')])).toEqual([
    { kind: 'said', id: 'u1', text: 'I look.' },
    { kind: 'started', id: 't1', tool: 'Bash', input: { command: 'ls' } },
    { kind: 'ended', id: 't1', ok: false },
    { kind: 'said', id: 'u4', text: 'Nothing.\n' },
  ]);
});

test.each<[string, readonly Line[]]>([
  ['what was said before the prompt', [say('before'), user('hello'), say('mine')]],
  ['an equal prompt of before', [user('hello', 'old'), say('before'), user('hello'), say('mine')]],
  ['what a subagent says', [user('hello'), say('inside', { isSidechain: true }), say('mine')]],
  [
    'what the CLI says of a model out of reach',
    [user('hello'), say('API Error', { isApiErrorMessage: true }), say('mine')],
  ],
  ['what is empty', [user('hello'), say(''), say('mine')]],
  ['what follows the prompt of somebody else', [user('hello'), say('mine'), user('theirs', 'p2'), say('not mine')]],
])('%s is no part of them', async (_name, lines) => {
  expect(await read(lines, ['old'])).toMatchObject([{ kind: 'said', text: 'mine' }]);
});

test('work in the background that wakes the agent goes on with them', async () => {
  const left = { ...result(false), toolUseResult: { backgroundTaskId: 'b1' } };
  const woken = user('<task-notification>\n<task-id>b1</task-id>', 'p3');
  const lines = [user('hello'), left, say('one'), user('theirs', 'p2'), say('not mine'), woken, say('two')];
  const said = (await read(lines)).filter(({ kind }) => kind === 'said');
  expect(said).toMatchObject([{ text: 'one' }, { text: 'two' }]);
});

test('without the prompt there are none', async () => {
  expect(await read([user('other'), say('theirs')])).toEqual([]);
});
