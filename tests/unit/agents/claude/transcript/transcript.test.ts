import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { createAgentFiles } from '../../../../../src/agents/program/files/agent-files.ts';
import { isTaskNotification } from '../../../../../src/agents/claude/transcript/background.ts';
import { holdsRefusal } from '../../../../../src/agents/claude/transcript/hook-notes.ts';
import { followTurn, readTurn } from '../../../../../src/agents/claude/transcript/transcript.ts';
import { findTranscript } from '../../../../../src/agents/program/files/find-transcript.ts';
import { createTempFolder } from '../../../../helpers/temp-folder.ts';

type Line = Readonly<Record<string, unknown>>;

const OURS = '51e9660c-5e66-4671-8965-16d9ec0d432f';
const THEIRS = '678c9b12-eb23-4526-9340-9bf4585b407e';
const WOKEN = 'e54bf09f-1c5f-4370-9abb-fe8a6868e93e';

/** Lines without a place in the conversation stand between the others. */
const mode: Line = { type: 'mode', mode: 'normal', sessionId: 's' };
const snapshot: Line = { type: 'file-history-snapshot', messageId: 'm', snapshot: {}, isSnapshotUpdate: false };

/** Each line follows the one before it, as the CLI writes them. */
function conversation(...lines: readonly Line[]): readonly Line[] {
  return lines.map((line, index) => ({
    parentUuid: index === 0 ? null : `uuid-${index - 1}`,
    isSidechain: false,
    uuid: `uuid-${index}`,
    ...line,
  }));
}

const user = (content: unknown, promptId: string = OURS, more: Line = {}): Line => ({
  type: 'user',
  promptId,
  message: { role: 'user', content },
  ...more,
});
const assistant = (content: readonly object[], id = 'msg_1', more: Line = {}): Line => ({
  type: 'assistant',
  message: { id, type: 'message', role: 'assistant', content },
  ...more,
});
const say = (text: string, id?: string): Line => assistant([{ type: 'text', text }], id);
const use = (name: string, id = 'msg_0'): Line => assistant([{ type: 'tool_use', id: 'toolu_1', name, input: {} }], id);
const result = (content: unknown, promptId?: string): Line =>
  user([{ type: 'tool_result', tool_use_id: 'toolu_1', content, is_error: false }], promptId);
const left = (task: string): Line =>
  result(`Command running in background with ID: ${task}. Output is being written to: /tmp/${task}.output.`);
const notification = (task: string): string =>
  `<task-notification>\n<task-id>${task}</task-id>\n<status>completed</status>\n</task-notification>`;
const apiError = (text: string, error?: string): Line =>
  assistant([{ type: 'text', text }], 'msg_e', { isApiErrorMessage: true, ...(error !== undefined && { error }) });
const stopSummary: Line = { type: 'system', subtype: 'stop_hook_summary', hookCount: 1, level: 'suggestion' };
const duration: Line = { type: 'system', subtype: 'turn_duration', durationMs: 136, isMeta: false };
const hookRan: Line = { type: 'attachment', attachment: { type: 'hook_success', hookName: 'Stop', content: '' } };
const stopped = (id: string): Line => user([{ type: 'tool_result', tool_use_id: id, content: 'stopped' }]);
const queued = (prompt: string): Line => ({ type: 'queued_command', prompt });
const interrupted = (how = ''): Line => user([{ type: 'text', text: `[Request interrupted by user${how}]` }]);

const follow = (...lines: readonly Line[]): unknown => followTurn(conversation(...lines), 'hello');

describe('a turn in the transcript', () => {
  test.each<[string, readonly Line[]]>([
    ['there is nothing', []],
    ['there are only lines without a place', [mode, snapshot]],
    ['somebody else asked', [user('good day', THEIRS), say('good day'), stopSummary, duration]],
    ['our prompt is only a part of another one', [user('hello there')]],
    ['an answer says it', [say('hello')]],
    ['a result of a tool says it', [result('hello')]],
    ['the CLI noted it for itself', [user('hello', OURS, { isMeta: true })]],
    ['an agent below was asked it', [user('hello', OURS, { isSidechain: true })]],
  ])('is absent when %s', (_name, lines) => {
    expect(follow(...lines)).toEqual({ kind: 'absent' });
  });

  test.each<[string, unknown]>([
    ['a text', 'hello'],
    ['a text with white space behind it', 'hello \n'],
    ['blocks', [{ type: 'text', text: 'hello' }]],
  ])('begins with the prompt, written as %s', (_name, content) => {
    expect(follow(mode, snapshot, user(content))).toEqual({ kind: 'begun', promptId: OURS, text: null });
  });

  test('begins without an id in a line that bears none', () => {
    const line = { type: 'user', message: { role: 'user', content: 'hello' } };
    expect(follow(line)).toEqual({ kind: 'begun', promptId: null, text: null });
  });

  test('has begun as long as no line tells its end', () => {
    const lines = [user('hello'), use('Bash'), result('done'), say('half'), hookRan];
    expect(follow(...lines)).toEqual({ kind: 'begun', promptId: OURS, text: 'half' });
  });

  test.each([
    ['the run of the Stop hooks', stopSummary],
    ['the time it took', duration],
  ])('ends with %s', (_name, end) => {
    expect(follow(user('hello'), say('hi'), hookRan, end)).toEqual({ kind: 'ended', promptId: OURS, text: 'hi' });
  });

  test('ends without a text when nothing was said', () => {
    expect(follow(user('hello'), say(''), stopSummary)).toEqual({ kind: 'ended', promptId: OURS, text: null });
  });

  test('answers with its last message, of which each block is a line of the file', () => {
    const lines = [
      user('hello'),
      say('Let me look.', 'a'),
      use('Read', 'a'),
      result('x'),
      say('one', 'b'),
      say('two', 'b'),
    ];
    expect(follow(...lines, stopSummary)).toMatchObject({ kind: 'ended', text: 'one\ntwo' });
  });

  test('is not changed by what follows its end', () => {
    const next = [user('next', THEIRS), say('their answer'), stopSummary, duration];
    const lines = [user('hello'), say('hi'), stopSummary, duration];
    expect(follow(...lines, ...next)).toEqual({ kind: 'ended', promptId: OURS, text: 'hi' });
  });

  test('takes nothing from an agent below', () => {
    const below = { isSidechain: true };
    const lines = [user('hello'), { ...say('from below'), ...below }, user('hello', THEIRS, below), say('hi')];
    expect(follow(...lines, stopSummary)).toEqual({ kind: 'ended', promptId: OURS, text: 'hi' });
  });

  test('does not fail for an error of an agent below', () => {
    const lines = [user('hello'), { ...apiError('API Error: no', 'rate_limit'), isSidechain: true }];
    expect(follow(...lines)).toMatchObject({ kind: 'begun' });
  });

  test('takes a line that the CLI noted for itself for no prompt', () => {
    const lines = [user('hello'), user('<local-command-caveat>', THEIRS, { isMeta: true }), say('hi')];
    expect(follow(...lines)).toEqual({ kind: 'begun', promptId: OURS, text: 'hi' });
  });

  test.each(['rate_limit', 'authentication_failed', 'server_error'])('fails with %s and what was said', (error) => {
    const lines = [user('hello'), say('half'), apiError('API Error: no', error), duration];
    expect(follow(...lines)).toEqual({ kind: 'failed', promptId: OURS, text: 'half', error, message: 'API Error: no' });
  });

  test('fails as unknown when the line names no kind of error', () => {
    const lines = [user('hello'), apiError('API Error: 400')];
    expect(follow(...lines)).toMatchObject({ kind: 'failed', error: 'unknown', message: 'API Error: 400', text: null });
  });

  test('does not fail for an error that came before it', () => {
    const before = [user('earlier', THEIRS), apiError('API Error: 529', 'server_error'), duration];
    expect(follow(...before, user('hello'), say('hi'), duration)).toMatchObject({ kind: 'ended', text: 'hi' });
  });

  test.each<[string, readonly Line[], string | null]>([
    ['before the first word', [interrupted()], null],
    ['after some words', [say('line 0\n'), interrupted()], 'line 0\n'],
    [
      'in a tool',
      [say('I look.', 'a'), use('Write', 'a'), result('rejected'), interrupted(' for tool use')],
      'I look.',
    ],
  ])('is interrupted %s', (_name, lines, text) => {
    expect(follow(user('hello'), ...lines)).toEqual({ kind: 'interrupted', promptId: OURS, text });
  });

  test('stays interrupted, whatever line comes behind', () => {
    const lines = [
      user('hello'),
      say('half'),
      interrupted(),
      duration,
      user('next', THEIRS),
      say('other'),
      stopSummary,
    ];
    expect(follow(...lines)).toEqual({ kind: 'interrupted', promptId: OURS, text: 'half' });
  });

  test('is interrupted when another prompt follows and it had no end', () => {
    const lines = [user('hello'), user('next', THEIRS), say('their answer'), stopSummary];
    expect(follow(...lines)).toEqual({ kind: 'interrupted', promptId: OURS, text: null });
  });

  test('goes on behind a second prompt that bears its own id', () => {
    const lines = [user('hello'), use('Bash'), result('done'), user('and this', OURS), say('both')];
    expect(follow(...lines, stopSummary)).toEqual({ kind: 'ended', promptId: OURS, text: 'both' });
  });
});

describe('work in the background', () => {
  const begin = [user('hello'), use('Bash'), left('b1'), say('It runs.', 'a'), stopSummary, duration];
  const wake = (task: string): Line => user(notification(task), WOKEN);

  test('keeps a turn from its end', () => {
    expect(follow(...begin)).toEqual({
      kind: 'resting',
      promptId: OURS,
      text: 'It runs.',
      tasks: ['b1'],
      wakeUps: [],
    });
  });

  test('wakes the agent, and the end of that is the end', () => {
    expect(follow(...begin, wake('b1'))).toMatchObject({ kind: 'begun', text: 'It runs.' });
    expect(follow(...begin, wake('b1'), say('It is done.', 'b'), stopSummary)).toEqual({
      kind: 'ended',
      promptId: OURS,
      text: 'It is done.',
    });
  });

  test('is awaited as a whole', () => {
    const two = [user('hello'), left('b1'), left('b2'), say('They run.', 'a'), stopSummary];
    const first = [wake('b2'), say('One is done.', 'b'), stopSummary];
    expect(follow(...two, ...first)).toMatchObject({
      kind: 'resting',
      text: 'They run.\n\nOne is done.',
      tasks: ['b1'],
    });
    expect(follow(...two, ...first, wake('b1'), say('All.', 'c'), duration)).toMatchObject({
      kind: 'ended',
      text: 'All.',
    });
  });

  test('that ends while the turn still runs holds nothing', () => {
    const lines = [user('hello'), left('b1'), wake('b1'), say('Done.', 'a'), stopSummary];
    expect(follow(...lines)).toMatchObject({ kind: 'ended', text: 'Done.' });
  });

  test('brings a turn back that a person’s prompt seemed to follow', () => {
    const person = [user('meanwhile', THEIRS), say('theirs', 't'), stopSummary];
    const lines = [...begin, ...person, wake('b1'), say('Mine.', 'b'), stopSummary];
    expect(follow(...lines)).toMatchObject({ kind: 'ended', promptId: OURS, text: 'Mine.' });
  });

  test.each<[string, string, Line]>([
    ['an agent', 'Agent', { isAsync: true, status: 'async_launched', agentId: 'b1' }],
    ['a command', 'Bash', { backgroundTaskId: 'b1' }],
    ['a command that a person sent there', 'Bash', { backgroundTaskId: 'b1', backgroundedByUser: true }],
    ['a monitor', 'Monitor', { taskId: 'b1', persistent: false }],
  ])('may be %s', (_name, tool, toolUseResult) => {
    const lines = [user('hello'), use(tool), { ...result('It is launched.'), toolUseResult }, say('It runs.', 'a')];
    expect(follow(...lines, stopSummary)).toMatchObject({ kind: 'resting', tasks: ['b1'] });
    expect(follow(...lines, stopSummary, wake('b1'), say('Done.', 'b'), duration)).toMatchObject({ kind: 'ended' });
  });

  test.each<[string, string, Line]>([
    ['a task of a list', 'TaskUpdate', { success: true, taskId: 'b1' }],
    ['an agent that was waited for', 'Agent', { status: 'completed', agentId: 'b1' }],
  ])('is not %s', (_name, tool, toolUseResult) => {
    const lines = [user('hello'), use(tool), { ...result('ok'), toolUseResult }, say('Done.', 'a'), stopSummary];
    expect(follow(...lines)).toMatchObject({ kind: 'ended' });
  });

  test('that tells of something goes on, and its end is the end', () => {
    const seen = user('<task-notification>\n<task-id>b1</task-id>\n<event>one</event>\n</task-notification>', WOKEN);
    const lines = [...begin, seen, say('I saw one.', 'b'), stopSummary];
    expect(follow(...lines)).toMatchObject({ kind: 'resting', tasks: ['b1'] });
    expect(follow(...lines, wake('b1'), say('All.', 'c'), stopSummary)).toMatchObject({ kind: 'ended', text: 'All.' });
  });

  test.each<[string, readonly Line[]]>([
    [
      'its agent',
      [assistant([{ type: 'tool_use', id: 'k', name: 'TaskStop', input: { task_id: 'b1' } }]), stopped('k')],
    ],
    ['what it says behind a tool', [{ type: 'attachment', attachment: queued(notification('b1')) }]],
  ])('that was ended by %s holds nothing', (_name, lines) => {
    expect(follow(user('hello'), left('b1'), ...lines, say('Done.', 'a'), stopSummary)).toMatchObject({
      kind: 'ended',
    });
  });

  test('is a time at which the agent wants to be asked, too', () => {
    const input = { delaySeconds: 60, prompt: 'look again' };
    const set = assistant([{ type: 'tool_use', id: 'toolu_1', name: 'ScheduleWakeup', input }]);
    const lines = [user('hello'), set, { ...result('ok'), toolUseResult: { scheduledFor: 1 } }, say('Later.', 'a')];
    expect(follow(...lines, stopSummary)).toMatchObject({ kind: 'resting', wakeUps: ['look again'] });
    const due = user('look again', WOKEN, { isMeta: true, promptSource: 'system' });
    expect(follow(...lines, stopSummary, due, say('Now.', 'b'), stopSummary)).toMatchObject({ text: 'Now.' });
    const never = { ...result('no'), toolUseResult: { scheduledFor: 0 } };
    expect(follow(user('hello'), set, never, say('Done.', 'a'), stopSummary)).toMatchObject({ kind: 'ended' });
  });

  test('of an earlier turn neither holds nor reopens it', () => {
    const earlier = [user('earlier', THEIRS), left('b0'), say('It runs.', 'a'), stopSummary];
    const ours = [user('hello'), say('hi', 'b'), stopSummary];
    const expected = { kind: 'ended', promptId: OURS, text: 'hi' };
    expect(follow(...earlier, ...ours)).toEqual(expected);
    expect(follow(...earlier, ...ours, wake('b0'), say('woken', 'c'), stopSummary)).toEqual(expected);
  });

  test('is known by the result of a tool alone', () => {
    const lines = [user('hello'), say('Command running in background with ID: b1.'), stopSummary];
    expect(follow(...lines)).toMatchObject({ kind: 'ended' });
  });

  test.each([
    [notification('b1'), true],
    [`\n ${notification('b1')}`, true],
    [`what is ${notification('b1')}`, false],
    ['hello', false],
  ])('is told by a prompt of the CLI itself: %j', (prompt, told) => {
    expect(isTaskNotification(prompt)).toBe(told);
  });
});

test.each([
  ['PreToolUse', 'stopped'],
  ['PostToolUse', 'stopped'],
  ['Stop', 'ended'],
])('a turn that a hook of %s ends is %s', (hookEvent, kind) => {
  const attachment = { type: 'hook_stopped_continuation', hookEvent, message: 'enough' };
  const found = follow(user('hello'), say('one'), { type: 'attachment', attachment }, duration);
  expect(found).toMatchObject({ kind, text: 'one', ...(kind === 'stopped' && { words: 'enough' }) });
});

describe('a Stop that another hook blocks', () => {
  const summary = (toolUseID: string, more: Line = {}): Line => ({ ...stopSummary, toolUseID, ...more });
  const feedback = user('Stop hook feedback:\ngo on', OURS, { isMeta: true });
  const blocked = [user('hello'), say('one', 'a'), feedback, hookRan, summary('t1', { hookErrors: ['go on'] })];

  test('is not the end, and the answer is that of the last one', () => {
    expect(follow(...blocked)).toEqual({ kind: 'begun', promptId: OURS, text: 'one' });
    expect(follow(...blocked, say('two', 'b'))).toMatchObject({ kind: 'begun', text: 'one\n\ntwo' });
    const whole = [...blocked, say('two', 'b'), summary('t2')];
    expect(follow(...whole)).toEqual({ kind: 'ended', promptId: OURS, text: 'two' });
  });

  test('is one all the same when the CLI has had enough', () => {
    expect(follow(...blocked, duration)).toMatchObject({ kind: 'ended', text: 'one' });
  });

  test.each<[string, Line, string]>([
    ['only complains', { hookErrors: ['warn'], hookAdditionalContext: [] }, 'ended'],
    ['stops the agent', { preventedContinuation: true, stopReason: 'enough' }, 'ended'],
    ['says more to the agent', { hookAdditionalContext: ['look again'] }, 'begun'],
    ['was of a tool', { hookLabel: 'PreToolUse' }, 'begun'],
  ])('and one whose hook %s', (_name, more, kind) => {
    expect(follow(user('hello'), say('one'), summary('t1', more))).toMatchObject({ kind });
  });
});

describe('a hook that ran on behind its event', () => {
  const wake = user('<task-notification>\n<summary>Stop hook feedback</summary>\n</task-notification>\ngo on', WOKEN);
  const answered = [user('hello'), say('one', 'a'), stopSummary];

  test('wakes the agent in the turn before', () => {
    expect(follow(...answered, wake)).toMatchObject({ kind: 'begun' });
    expect(follow(...answered, wake, say('two', 'b'), stopSummary)).toMatchObject({ kind: 'ended', text: 'two' });
  });

  test('wakes it in none of ours when somebody else’s came between', () => {
    const theirs = [user('another', THEIRS), say('theirs', 'b'), stopSummary];
    expect(follow(...answered, ...theirs, wake, say('two', 'c'), stopSummary)).toMatchObject({ text: 'one' });
  });
});

describe('a prompt that a hook keeps from the model', () => {
  const note = (words: string, prompt = 'hello'): Line => ({
    type: 'system',
    subtype: 'informational',
    content: `UserPromptSubmit operation blocked by hook:\n${words}\n\nOriginal prompt: ${prompt}`,
    preventContinuation: true,
  });

  test('is refused with the words of the hook', () => {
    expect(follow(note('[./hook.sh]: not on a Friday\n'))).toEqual({
      kind: 'refused',
      words: '[./hook.sh]: not on a Friday',
    });
  });

  test('is refused when the hook let it in and stopped it', () => {
    const content = 'Operation stopped by hook: not on a Friday';
    const noted = { type: 'user', message: { role: 'user', content } };
    const stop = { type: 'system', subtype: 'informational', content, preventContinuation: true };
    expect(follow(user('hello'), noted, stop)).toEqual({ kind: 'refused', words: 'not on a Friday' });
  });

  test.each<[string, Line]>([
    ['another prompt', note('no', 'hello there')],
    ['the gateway itself', note('Nobody waits for this any more.')],
  ])('is none that was refused by or for %s', (_name, line) => {
    expect(follow(line)).toEqual({ kind: 'absent' });
  });

  test('is none that was sent again', () => {
    expect(follow(note('no'), user('hello'), say('hi'))).toMatchObject({ kind: 'begun' });
  });
});

describe('a turn that somebody else began', () => {
  const scheduled = user('each morning', THEIRS, { isMeta: true, promptSource: 'system' });

  test('by a time that was set says nothing of ours', () => {
    const begin = [user('hello'), left('b1'), say('It runs.', 'a'), stopSummary];
    const theirs = [scheduled, say('Good morning.', 'b'), stopSummary];
    const woken = [user(notification('b1'), WOKEN), say('Mine.', 'c'), stopSummary];
    expect(follow(...begin, ...theirs)).toMatchObject({ kind: 'resting', text: 'It runs.' });
    expect(follow(...begin, ...theirs, ...woken)).toMatchObject({ kind: 'ended', text: 'Mine.' });
  });

  test('is none for ours that was sent again under another id', () => {
    expect(follow(user('hello'), user('hello', THEIRS), say('hi'), stopSummary)).toMatchObject({
      kind: 'ended',
      promptId: OURS,
      text: 'hi',
    });
  });
});

describe('the order of lines', () => {
  const [prompt, answer, stop] = conversation(user('hello'), say('hi'), stopSummary);
  const orders: readonly (readonly [string, readonly unknown[]])[] = [
    ['an answer before its prompt', [answer, prompt, stop]],
    ['the end before all', [stop, answer, prompt]],
    ['lines without a place between them', [mode, answer, snapshot, prompt, mode, stop]],
  ];

  test.each(orders)('follows what each line names: %s', (_name, lines) => {
    expect(followTurn(lines as Line[], 'hello')).toEqual({ kind: 'ended', promptId: OURS, text: 'hi' });
  });

  test('is that of the file for lines whose parents stand before the offset', () => {
    expect(followTurn(conversation(mode, user('hello'), say('hi')).slice(1), 'hello')).toMatchObject({ text: 'hi' });
  });

  test('does not go round in a circle', () => {
    const circle = [
      { ...user('hello'), uuid: 'a', parentUuid: 'b' },
      { ...say('hi'), uuid: 'b', parentUuid: 'a' },
    ];
    expect(followTurn(circle, 'hello')).toMatchObject({ promptId: OURS });
  });
});

describe('the file', () => {
  const files = createAgentFiles({ home: '/nowhere', settings: '/nowhere' });
  const toText = (lines: readonly Line[]): string => lines.map((line) => `${JSON.stringify(line)}\n`).join('');

  test('an identical prompt before the offset is not ours', async () => {
    using folder = createTempFolder();
    const file = path.join(folder.path, 'one.jsonl');
    await writeFile(file, toText(conversation(user('hello', THEIRS), say('für früher 😀'), stopSummary)));
    const offset = (await files.sizeOf(file)) ?? 0;
    expect(await readTurn(files, { file, offset }, 'hello')).toEqual({ kind: 'absent' });
    await appendFile(file, toText(conversation(user('hello'), say('now'), stopSummary)));
    expect(await readTurn(files, { file, offset }, 'hello')).toEqual({ kind: 'ended', promptId: OURS, text: 'now' });
    expect(await readTurn(files, { file, offset: 0 }, 'hello')).toMatchObject({ promptId: THEIRS });
  });

  test('an identical prompt that came late behind the offset is not ours, for its id was reported before', async () => {
    using folder = createTempFolder();
    const file = path.join(folder.path, 'one.jsonl');
    const earlier = new Set([THEIRS]);
    const before = [user('hello', THEIRS), say('before'), stopSummary];
    const lines = conversation(...before, user('hello'), say('now'), stopSummary);
    await writeFile(file, toText(lines.slice(0, before.length)));
    expect(await readTurn(files, { file, offset: 0 }, 'hello', earlier)).toEqual({ kind: 'absent' });
    await appendFile(file, toText(lines.slice(before.length)));
    expect(await readTurn(files, { file, offset: 0 }, 'hello', earlier)).toEqual({
      kind: 'ended',
      promptId: OURS,
      text: 'now',
    });
  });

  test('a last line that is still being written is no line yet', async () => {
    using folder = createTempFolder();
    const file = path.join(folder.path, 'one.jsonl');
    const whole = toText(conversation(user('hello'), say('hi ü'), stopSummary));
    await writeFile(file, Buffer.from(whole).subarray(0, -20));
    expect(await readTurn(files, { file, offset: 0 }, 'hello')).toMatchObject({ kind: 'begun', text: 'hi ü' });
    await writeFile(file, whole);
    expect(await readTurn(files, { file, offset: 0 }, 'hello')).toMatchObject({ kind: 'ended' });
  });

  test('what is no object is passed over', async () => {
    using folder = createTempFolder();
    const file = path.join(folder.path, 'one.jsonl');
    await writeFile(file, `null\n5\n"hello"\n{broken\n\n${toText([user('hello')])}`);
    expect(await readTurn(files, { file, offset: 0 }, 'hello')).toMatchObject({ kind: 'begun', promptId: OURS });
  });

  test('that is missing, or shorter than the offset, holds no turn', async () => {
    using folder = createTempFolder();
    const file = path.join(folder.path, 'one.jsonl');
    expect(await readTurn(files, { file, offset: 0 }, 'hello')).toEqual({ kind: 'absent' });
    expect(await holdsRefusal(files, { file, offset: 0 })).toBe(false);
    await writeFile(file, toText([user('hello')]));
    expect(await readTurn(files, { file, offset: 10_000 }, 'hello')).toEqual({ kind: 'absent' });
  });

  test('holds a refusal only when it stands behind the offset, in a line of the CLI itself', async () => {
    using folder = createTempFolder();
    const file = path.join(folder.path, 'one.jsonl');
    const content = 'UserPromptSubmit operation blocked by hook:\nThis request was cancelled.';
    const refusal = { type: 'system', subtype: 'informational', content, level: 'warning' };
    await writeFile(file, toText([refusal, say(content)]));
    const offset = (await files.sizeOf(file)) ?? 0;
    await appendFile(file, toText([user(content), say(content)]));
    expect(await holdsRefusal(files, { file, offset })).toBe(false);
    await appendFile(file, toText([refusal]));
    expect(await holdsRefusal(files, { file, offset })).toBe(true);
  });

  test('is found by its conversation alone, in whatever project', async () => {
    using home = createTempFolder();
    const place = async (project: string, id: string): Promise<string> => {
      const folder = path.join(home.path, '.claude', 'projects', project);
      await mkdir(folder, { recursive: true });
      await writeFile(path.join(folder, `${id}.jsonl`), '{}\n');
      return path.join(folder, `${id}.jsonl`);
    };
    expect(await findTranscript(files, home.path, 'wanted')).toBeNull();
    const wanted = await place('-workspaces-b', 'wanted');
    await place('-workspaces-a', 'newer');
    await place('-workspaces-c', 'newest');
    expect(await findTranscript(files, home.path, 'wanted')).toBe(wanted);
    expect(await findTranscript(files, home.path, 'unknown')).toBeNull();
  });
});
