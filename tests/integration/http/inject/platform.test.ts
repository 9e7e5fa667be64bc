import { describe, expect, test } from '@jest/globals';
import { openInjectRig, requestsOf } from './inject-rig.ts';

const DISCORD = { transport: 'discord', chat: '' };

describe('platform', () => {
  test('chooses the network of a new thread; without it, it is the first that is configured', async () => {
    await using rig = await openInjectRig({ configured: ['telegram', 'discord'] });
    rig.addChannel('discord', '2');
    rig.addChannel('telegram', '1');
    const first = await rig.inject({ prompt: 'one' });
    const second = await rig.inject({ prompt: 'two', platform: 'discord' });
    expect([first.body.cwd, second.body.cwd]).toEqual(['/workspaces/telegram-1', '/workspaces/discord-2']);
  });

  test('is not chosen for the caller: the first one is not passed over', async () => {
    await using rig = await openInjectRig({ configured: ['telegram', 'discord'] });
    rig.addChannel('discord', '2');
    const answer = await rig.inject({ prompt: 'one' });
    expect(answer).toMatchObject({ status: 503, body: { code: 'no_task_channel' } });
    expect(answer.body.error).toContain('telegram');
    expect((await rig.get('/health')).body).toMatchObject({ factory_registered: false });
    expect(rig.opened).toEqual([]);
  });

  test('of a new thread that nothing opens is 503 and names it', async () => {
    await using rig = await openInjectRig({ channel: 'workspace' });
    const answer = await rig.inject({ prompt: 'one', platform: 'discord' });
    expect(answer).toMatchObject({ status: 503, body: { error: expect.stringContaining('discord') } });
    expect((await rig.inject({ prompt: 'one', platform: 'task' })).status).toBe(200);
  });

  test.each(['signal', '', 7])('%j is none', async (platform) => {
    await using rig = await openInjectRig({ channel: 'workspace' });
    expect(await rig.inject({ prompt: 'one', platform })).toMatchObject({ status: 400, body: { field: 'platform' } });
  });

  test('says which thread is meant where two networks have one of this id', async () => {
    await using rig = await openInjectRig();
    await rig.bind('5', 'one');
    await rig.bind('5', 'two', DISCORD);
    const both = await rig.inject({ prompt: 'x', thread_id: 5 });
    expect(both).toMatchObject({ status: 409, body: { code: 'thread_ambiguous', field: 'platform' } });
    expect(both.body.error).toMatch(/discord and telegram .*give platform/);
    for (const platform of ['telegram', 'discord']) {
      expect((await rig.inject({ prompt: 'x', thread_id: 5, platform })).status).toBe(200);
    }
    expect((await requestsOf(rig)).map(({ workspace }) => workspace)).toEqual(['one', 'two']);
    expect(await rig.inject({ prompt: 'x', thread_id: 5, platform: 'task' })).toMatchObject({ status: 404 });
  });

  test('cannot say it of two chats of one network: it is that in which new tasks get their threads, or none', async () => {
    await using rig = await openInjectRig();
    await rig.bind('5', 'one', { transport: 'telegram', chat: '' });
    await rig.bind('5', 'two', { transport: 'telegram', chat: '-200' });
    const body = { prompt: 'x', thread_id: 5, platform: 'telegram' };
    expect(await rig.inject(body)).toMatchObject({ status: 409, body: { field: 'thread_id' } });
    rig.addChannel('telegram');
    expect((await rig.inject(body)).body).toMatchObject({ cwd: '/workspaces/one' });
  });

  test('is a part of what an Idempotency-Key stands for, and its thread is found again', async () => {
    await using rig = await openInjectRig({ configured: ['telegram', 'discord'] });
    rig.addChannel('discord', '5');
    await rig.bind('5', 'one');
    const key = { 'idempotency-key': 'k' };
    const first = await rig.inject({ prompt: 'x', platform: 'discord' }, key);
    expect((await rig.inject({ prompt: 'x', platform: 'discord' }, key)).body).toEqual(first.body);
    expect((await rig.inject({ prompt: 'x' }, key)).status).toBe(422);
  });
});
