import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { createAgentFiles } from '../../../../../src/agents/program/files/agent-files.ts';
import { hasSchedule } from '../../../../../src/agents/claude/transcript/schedule.ts';
import { createTempFolder } from '../../../../helpers/temp-folder.ts';

const files = createAgentFiles({ home: '/nowhere', settings: '/nowhere' });
const START = Date.parse('2026-11-29T03:00:00.000Z');
const timestamp = '2026-11-29T03:33:42.011Z';
let uses = 0;

/** A use of a tool, and its result. */
function use(name: string, input: object, toolUseResult: object): readonly object[] {
  const id = `toolu_${(uses += 1)}`;
  return [
    { type: 'assistant', timestamp, message: { content: [{ type: 'tool_use', id, name, input }] } },
    { type: 'user', timestamp, message: { content: [{ type: 'tool_result', tool_use_id: id }] }, toolUseResult },
  ];
}

const cron = (id: string, recurring: boolean): readonly object[] =>
  use('CronCreate', { cron: '* * * * *', prompt: `ask ${id}`, recurring }, { id, recurring });
const wakeUp = (scheduledFor: number): readonly object[] =>
  use('ScheduleWakeup', { delaySeconds: 60, prompt: 'ask later' }, { scheduledFor });
const fired = (prompt: string, promptSource = 'system'): object => ({
  type: 'user',
  timestamp,
  isMeta: promptSource === 'system',
  promptSource,
  message: { role: 'user', content: prompt },
});

async function has(...lines: readonly object[]): Promise<boolean> {
  using folder = createTempFolder();
  const file = path.join(folder.path, 'one.jsonl');
  await writeFile(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  return await hasSchedule(files, file, START);
}

test.each<[string, readonly object[], boolean]>([
  ['nothing was set', [fired('hello', 'typed')], false],
  ['a time was set', cron('a', false), true],
  ['it has come', [...cron('a', false), fired('ask a')], false],
  ['a person asked the same', [...cron('a', false), fired('ask a', 'typed')], true],
  ['it comes again', [...cron('a', true), fired('ask a')], true],
  ['it was taken back', [...cron('a', true), ...use('CronDelete', { id: 'a' }, { id: 'a' })], false],
  ['another one was taken back', [...cron('a', true), ...use('CronDelete', { id: 'b' }, { id: 'b' })], true],
  ['the agent wants to be asked later', wakeUp(1), true],
  ['it wanted to, and was', [...wakeUp(1), fired('ask later')], false],
  ['the CLI set no time', wakeUp(0), false],
])('when %s', async (_name, lines, expected) => {
  expect(await has(...lines)).toBe(expected);
});

test('what was set before the program began is forgotten', async () => {
  const before = cron('a', true).map((line) => ({ ...line, timestamp: '2026-11-29T02:59:59.000Z' }));
  expect(await has(...before)).toBe(false);
});

test('without a transcript nothing is set', async () => {
  expect(await hasSchedule(files, '/nowhere/one.jsonl', START)).toBe(false);
});
