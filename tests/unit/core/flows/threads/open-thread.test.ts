import { describe, expect, test } from '@jest/globals';
import { createTaskChannels } from '../../../../../src/core/flows/threads/task-channels.ts';
import { GatewayError } from '../../../../../src/core/model/errors.ts';
import type { TaskChannelFactory } from '../../../../../src/core/ports/task-channels.ts';
import { createMemoryTransport } from '../../../../helpers/memory-transport.ts';
import { openHouse, type House } from '../house.ts';

async function openWith(create: TaskChannelFactory['create'], name = 'telegram'): Promise<House> {
  const taskChannels = createTaskChannels();
  taskChannels.register({ name, chat: '', create });
  return openHouse({ taskChannels });
}

describe('opening a thread', () => {
  test('binds it to a workspace that is named after it', async () => {
    await using house = await openWith(async () => '7');
    expect(await house.api.threads.open('Daily post')).toEqual({
      transport: 'telegram',
      chat: '',
      threadId: '7',
      workspace: 'telegram-7',
      name: 'Daily post',
      createdAt: house.clock.now(),
      cwd: '/workspaces/telegram-7',
      address: null,
      link: null,
      isLive: false,
      isRunning: false,
    });
    expect(await house.api.threads.find('7')).toMatchObject({ workspace: 'telegram-7' });
    expect(await house.api.threads.count()).toBe(1);
  });

  test('looks again for a channel that is not there, and says so when it cannot be seen', async () => {
    const taskChannels = createTaskChannels(['telegram']);
    let looks = 0;
    const transport = {
      ...createMemoryTransport({}, 'telegram'),
      lookAgain: async () => {
        looks += 1;
        if (looks === 1) throw new Error('the network is away');
        taskChannels.register({ name: 'telegram', chat: '', create: async () => '7' });
      },
    };
    await using house = await openHouse({ taskChannels, transports: new Map([['telegram', transport]]) });
    await expect(house.api.threads.open('Daily post')).rejects.toMatchObject({ code: 'no_task_channel' });
    expect(house.logged).toContain('thread.channel_not_seen');
    expect(await house.api.threads.open('Daily post')).toMatchObject({ workspace: 'telegram-7' });
  });

  test('beside a thread of another chat with an equal id gives it a workspace of its own', async () => {
    await using house = await openWith(async () => '7');
    const other = {
      transport: 'telegram',
      chat: '-200',
      threadId: '7',
      workspace: 'telegram-7',
      name: '',
      createdAt: 1,
    };
    await house.store.bindThread(other);
    expect(await house.api.threads.open('Daily post')).toMatchObject({
      workspace: expect.not.stringMatching(/^telegram-7$/),
    });
  });

  test('leaves one that a chat bound first as it is', async () => {
    await using house = await openWith(async () => '7');
    await house.store.bindThread({
      transport: 'telegram',
      chat: '',
      threadId: '7',
      workspace: 'own',
      name: 'x',
      createdAt: 1,
    });
    expect(await house.api.threads.open('Daily post')).toMatchObject({ workspace: 'own', name: 'x' });
  });

  test.each(['', '-7', '7.5', 'abc', '7'.repeat(60)])(
    'by a channel that answers %j fails, and binds nothing',
    async (id) => {
      await using house = await openWith(async () => id);
      await expect(house.api.threads.open('x')).rejects.toMatchObject({ code: 'internal' });
      expect(await house.api.threads.count()).toBe(0);
    },
  );

  test('is given up after 30 seconds, and its signal aborts', async () => {
    const given = Promise.withResolvers<AbortSignal>();
    await using house = await openWith((_name, signal) => {
      given.resolve(signal);
      return new Promise(() => {});
    });
    const opening = house.api.threads.open('x');
    const signal = await given.promise;
    house.clock.advance(29_999);
    expect(signal.aborted).toBe(false);
    house.clock.advance(1);
    await expect(opening).rejects.toMatchObject({
      code: 'no_task_channel',
      message: 'telegram could not open a channel within 30 s',
    });
    expect(signal.aborted).toBe(true);
  });

  test('is given up when the gateway stops', async () => {
    const given = Promise.withResolvers<AbortSignal>();
    await using house = await openWith((_name, signal) => {
      given.resolve(signal);
      return new Promise(() => {});
    });
    const opening = house.api.threads.open('x');
    await given.promise;
    const refused = expect(opening).rejects.toMatchObject({ code: 'draining' });
    await house.drain();
    await refused;
    await expect(house.api.threads.open('y')).rejects.toMatchObject({ code: 'draining' });
  });

  test('leaves no timer behind', async () => {
    await using house = await openWith(async () => '7');
    const before = house.clock.pending();
    await house.api.threads.open('x');
    expect(house.clock.pending()).toBe(before);
  });

  test('hands on what the channel itself says, and logs what is not for callers', async () => {
    await using house = await openWith(async (name) => {
      if (name === 'known') throw new GatewayError('queue_full', 'too many topics');
      throw new Error('secret');
    });
    await expect(house.api.threads.open('known')).rejects.toMatchObject({ code: 'queue_full' });
    await expect(house.api.threads.open('other')).rejects.toMatchObject({
      message: expect.not.stringContaining('secret'),
    });
    expect(house.logged).toContain('thread.not_opened');
  });

  test('may ask for one platform', async () => {
    await using house = await openWith(async () => '7', 'discord');
    await expect(house.api.threads.open('x', 'telegram')).rejects.toMatchObject({ code: 'no_task_channel' });
    expect(await house.api.threads.open('x', 'discord')).toMatchObject({ transport: 'discord' });
  });

  test('without a channel says what its network lacks', async () => {
    const network = { ...createMemoryTransport({}, 'telegram'), problems: () => ['The group has no topics'] };
    const taskChannels = createTaskChannels(['telegram', 'discord']);
    await using house = await openHouse({ taskChannels, transports: new Map([['telegram', network]]) });
    const message = 'There is no channel for new tasks on telegram. The group has no topics';
    await expect(house.api.threads.open('x')).rejects.toMatchObject({ code: 'no_task_channel', message });
    expect((await house.api.health.check()).checks.gateway).toMatchObject({
      healthy: true,
      transports: [{ name: 'telegram', problems: ['The group has no topics'] }],
    });
  });

  test('tells where its network delivers to, and its page', async () => {
    const place = { address: 'telegram:7', link: 'https://t.me/c/1/7' };
    const network = { ...createMemoryTransport({}, 'telegram'), placeOf: () => place };
    const taskChannels = createTaskChannels();
    taskChannels.register({ name: 'telegram', chat: '', create: async () => '7' });
    await using house = await openHouse({ taskChannels, transports: new Map([['telegram', network]]) });
    expect(await house.api.threads.open('x')).toMatchObject(place);
  });
});
