import { expect, test } from '@jest/globals';
import { createTaskChannels } from '../../../../../src/core/flows/threads/task-channels.ts';
import { createWorkspaceChannel } from '../../../../../src/core/flows/threads/workspace-channel.ts';
import type { TaskChannelFactory } from '../../../../../src/core/ports/task-channels.ts';

const named = (name: string): TaskChannelFactory => ({ name, chat: '', create: async () => '1' });
const NEVER = AbortSignal.any([]);

test('the first one that is configured is used, whenever it was registered, and never passed over', () => {
  const channels = createTaskChannels(['telegram', 'discord']);
  channels.register(named('task'));
  channels.register(named('discord'));
  expect([channels.first(), channels.find()]).toEqual(['telegram', null]);
  const takeBack = channels.register(named('telegram'));
  expect(channels.find()?.name).toBe('telegram');
  takeBack();
  takeBack();
  expect(channels.find()).toBeNull();
});

test('where none is configured, the first one that was registered is used', () => {
  const channels = createTaskChannels();
  expect([channels.first(), channels.find()]).toEqual([null, null]);
  channels.register(named('task'));
  expect(channels.find()?.name).toBe('task');
});

test('one is found by its name', () => {
  const channels = createTaskChannels();
  channels.register(named('telegram'));
  channels.register(named('discord'));
  expect([channels.find('discord')?.name, channels.find('signal')]).toEqual(['discord', null]);
});

test('workspaces as channels have ids that differ, also in one millisecond and when the clock is set back', async () => {
  let now = 1_000;
  const channel = createWorkspaceChannel({ clock: { now: () => now }, store: { readThread: async () => null } });
  const ids = await Promise.all([channel.create('a', NEVER), channel.create('b', NEVER)]);
  now = 10;
  expect([...ids, await channel.create('c', NEVER)]).toEqual(['1000', '1001', '1002']);
});

test('an id that an earlier process gave is not given again', async () => {
  const thread = { transport: 'task', chat: '', threadId: '1000', workspace: 'task-1000', name: '', createdAt: 1 };
  const readThread = async ({ threadId }: { threadId: string }) => (threadId === '1000' ? thread : null);
  const channel = createWorkspaceChannel({ clock: { now: () => 1_000 }, store: { readThread } });
  expect(await channel.create('a', NEVER)).toBe('1001');
});
