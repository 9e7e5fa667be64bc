import { appendFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { parseHookPayload, type SessionCron } from '../../../../../src/agents/claude/hooks/hook-payload.ts';
import { createAgentFiles } from '../../../../../src/agents/program/files/agent-files.ts';
import { createForeignPrompts, isNobodys } from '../../../../../src/agents/claude/session/foreign-prompts.ts';
import type { Notice } from '../../../../../src/core/ports/agent.ts';
import { createScriptedScreen, idle } from '../../../../helpers/scripted-screen.ts';
import { createTempFolder } from '../../../../helpers/temp-folder.ts';
import { until } from '../../../../helpers/until.ts';

const files = createAgentFiles({ home: '/nowhere', settings: '/nowhere' });
const ASKED = 'what time is it?';

interface Asked {
  readonly prompt?: string;
  /** Somebody sits at the terminal. */
  readonly isAttended?: boolean;
  /** What the CLI writes of it, a moment later. */
  readonly line?: object;
  /** What the agent had set a time for. */
  readonly scheduled?: readonly string[];
}

async function tellOf({ prompt = ASKED, isAttended = false, line, scheduled = [] }: Asked): Promise<Notice> {
  using folder = createTempFolder();
  const file = path.join(folder.path, 'one.jsonl');
  // An equal one of before tells nothing.
  await writeFile(file, `${JSON.stringify(typed('human'))}\n`);
  const told: Notice[] = [];
  createForeignPrompts({
    files,
    terminal: createScriptedScreen([idle('', isAttended ? 1_000 : null)]),
    transcript: () => file,
    reports: { scheduled: scheduled.map((wanted) => ({ id: 'c', prompt: wanted })) },
    released: new AbortController().signal,
  })(parseHookPayload({ hook_event_name: 'UserPromptSubmit', session_id: 's', prompt, prompt_id: 'p' }), (notice) =>
    told.push(notice),
  );
  await new Promise((resolve) => setTimeout(resolve, 50));
  if (line !== undefined) await appendFile(file, `${JSON.stringify(line)}\n`);
  return await until(() => told[0]);
}

const typed = (kind: string): object => ({
  type: 'user',
  promptId: 'p',
  message: { role: 'user', content: ASKED },
  origin: { kind },
  promptSource: 'typed',
});
const person = { type: 'person.prompted', data: { characters: ASKED.length } };
const schedule = { type: 'schedule.fired', data: { characters: ASKED.length } };
const other = (origin: string): Notice => ({ type: 'other.prompted', data: { origin, characters: ASKED.length } });

test.each<[string, Asked, object]>([
  ['a person who sits there', { isAttended: true, line: typed('human') }, person],
  ['keys that nobody who is there pressed', { line: typed('human') }, other('keys')],
  ['another session, beside a person', { isAttended: true, line: typed('peer') }, other('peer')],
  [
    'a time that was set',
    { line: { ...typed('x'), origin: undefined, isMeta: true, promptSource: 'system' } },
    schedule,
  ],
  ['a time of which the agent had told', { isAttended: true, scheduled: ['another', ASKED] }, schedule],
  [
    'a person whose prompt was added to a turn',
    { isAttended: true, line: { attachment: { type: 'queued_command', prompt: ASKED, origin: { kind: 'human' } } } },
    person,
  ],
  [
    'work in the background',
    { prompt: '<task-notification>\n</task-notification>' },
    { type: 'agent.woken', data: {} },
  ],
])('a prompt of %s is told as that', async (_name, asked, expected) => {
  expect(await tellOf(asked)).toEqual(expected);
});

test.concurrent.each<[boolean, object]>([
  [true, person],
  [false, other('unknown')],
])(
  'a prompt that never comes into the transcript is a person’s when one is there: %j',
  async (isAttended, expected) => {
    expect(await tellOf({ isAttended })).toEqual(expected);
  },
);

test.each<[string, boolean, Nobodys]>([
  ['nobody was there', true, {}],
  ['a person was there', false, { isAttended: true }],
  ['the agent had set a time for it', false, { scheduled: [{ id: 'c', prompt: ASKED }] }],
  ['nobody knows what times it had set', false, { scheduled: null }],
  ['another agent says it', false, { prompt: '<teammate-message from="b">done</teammate-message>' }],
  ['it is a tag, as ours is', true, { prompt: '<b>done</b>', expected: '<i>done</i>' }],
])('a prompt in the place of ours is nobody’s or not: %s', (_name, nobodys, given) => {
  const { prompt = ASKED, expected = 'ours', isAttended = false, scheduled = [] } = given;
  const terminal = { wasAttendedSince: (since: number) => isAttended && since === 7 };
  expect(isNobodys({ terminal, reports: { scheduled, promptedAt: 7 } }, prompt, expected)).toBe(nobodys);
});

interface Nobodys {
  readonly prompt?: string;
  readonly expected?: string;
  readonly isAttended?: boolean;
  readonly scheduled?: readonly SessionCron[] | null;
}
