import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { createActivity, type AgentActivity } from '../../../../../src/agents/claude/transcript/activity.ts';
import { createAgentFiles } from '../../../../../src/agents/program/files/agent-files.ts';
import { createTempFolder } from '../../../../helpers/temp-folder.ts';
import { createStillTime } from '../../../../helpers/scripted-screen.ts';

interface Home extends Disposable {
  readonly activity: AgentActivity;
  /** What the file of a process says. */
  says(name: string, said: object | string): Promise<void>;
  forget(name: string): Promise<void>;
  moveTo(agentSessionId: string): void;
}

async function openHome(): Promise<Home> {
  const folder = createTempFolder();
  const place = (...names: readonly string[]): string => path.join(folder.path, ...names);
  await mkdir(place('sessions'));
  let agentSessionId = 'ours';
  return {
    activity: createActivity({
      files: createAgentFiles({ home: folder.path, settings: folder.path }),
      transcript: () => place('projects', '-w', 'ours.jsonl'),
      agentSessionId: () => agentSessionId,
    }),
    says: (name, said) => writeFile(place('sessions', name), typeof said === 'string' ? said : JSON.stringify(said)),
    forget: (name) => rm(place('sessions', name)),
    moveTo: (id) => void (agentSessionId = id),
    [Symbol.dispose]: () => folder[Symbol.dispose](),
  };
}

const ours = (status: string, startedAt = 1): object => ({ sessionId: 'ours', status, startedAt });

test.each(['idle', 'shell', 'busy', 'waiting'])('an agent says that it is %s', async (status) => {
  using home = await openHome();
  await home.says('17.json', ours(status));
  expect(await home.activity.read()).toBe(status);
});

test('another word than these says nothing', async () => {
  using home = await openHome();
  await home.says('17.json', ours('resting'));
  expect(await home.activity.read()).toBeNull();
});

test('without a file of its own nothing is said, and it is looked for once a second', async () => {
  using time = createStillTime();
  using home = await openHome();
  await home.says('18.json', { sessionId: 'theirs', status: 'busy', startedAt: 9 });
  await home.says('17.key.json', ours('busy'));
  expect(await home.activity.read()).toBeNull();
  await home.says('17.json', ours('idle'));
  expect(await home.activity.read()).toBeNull();
  time.pass(1_001);
  expect(await home.activity.read()).toBe('idle');
});

test('a program that was killed leaves its file behind: the latest one counts', async () => {
  using home = await openHome();
  await home.says('17.json', ours('busy', 1));
  await home.says('4.json', ours('idle', 2));
  expect([await home.activity.read(), await home.activity.startedAt()]).toEqual(['idle', 2]);
});

test('a file that is being written says what it said before', async () => {
  using home = await openHome();
  await home.says('17.json', ours('busy'));
  await home.activity.read();
  await home.says('17.json', '');
  expect(await home.activity.read()).toBe('busy');
  await home.says('17.json', ours('idle'));
  expect(await home.activity.read()).toBe('idle');
});

test('an agent that is gone, or in another conversation, says nothing any more', async () => {
  using time = createStillTime();
  using home = await openHome();
  await home.says('17.json', ours('busy'));
  await home.activity.read();
  home.moveTo('another');
  time.pass(1_001);
  expect(await home.activity.read()).toBeNull();
  await home.says('17.json', { sessionId: 'another', status: 'idle', startedAt: 1 });
  time.pass(1_001);
  expect(await home.activity.read()).toBe('idle');
  await home.forget('17.json');
  expect(await home.activity.read()).toBeNull();
});
