import { describe, expect, test } from '@jest/globals';
import { GatewayError } from '../../../src/core/model/errors.ts';
import { until } from '../../helpers/until.ts';
import { openDiscordRig } from './discord-rig.ts';

describe('what people write', () => {
  test('in a thread of #tasks is handed on, with who wrote it and where', async () => {
    await using rig = await openDiscordRig();
    await rig.listen();
    const thread = rig.thread('Daily post');
    const message = rig.server.say(thread, rig.anna, 'hello');
    await until(() => rig.said.length === 1);
    const place = { transport: 'discord', chat: '', threadId: thread, community: rig.server.world.guildId };
    expect(rig.said[0]).toEqual({
      place: { ...place, address: `discord:${thread}`, name: 'Daily post' },
      messageId: message.id,
      files: [],
      speaker: { id: rig.anna.id, name: 'anna', isProgram: false },
      text: 'hello',
      isForwarded: false,
    });
  });

  test('elsewhere is for others, until somebody binds the place', async () => {
    await using rig = await openDiscordRig();
    const general = rig.server.world.addChannel({ name: 'general', type: 0 }).id;
    await rig.listen();
    rig.server.say(general, rig.anna, 'not for agents');
    rig.server.say(rig.server.tasks.id, rig.anna, 'neither');
    rig.threads.push({ transport: 'discord', chat: '', threadId: general, workspace: 'w', name: '', createdAt: 1 });
    await until(() => rig.server.gateway.live() === 1);
    rig.server.say(general, rig.anna, 'for agents');
    await until(() => rig.said.some(({ text }) => text === 'for agents'));
    expect(rig.said.map(({ text }) => text)).not.toContain('neither');
  });

  test('by another bot, a webhook, or as a forward says so of itself; the bot’s own is left alone', async () => {
    await using rig = await openDiscordRig();
    await rig.listen();
    const thread = rig.thread();
    rig.server.say(thread, rig.server.world.bot, 'by itself');
    rig.server.say(thread, { ...rig.anna, bot: true }, 'by a bot');
    rig.server.say(thread, rig.anna, 'by a hook', { webhook_id: '77' });
    rig.server.say(thread, rig.anna, 'handed on', { message_reference: { type: 1, channel_id: thread } });
    await until(() => rig.said.length === 3);
    expect(rig.said.map(({ text, speaker, isForwarded }) => [text, speaker.isProgram, isForwarded])).toEqual([
      ['by a bot', true, false],
      ['by a hook', true, false],
      ['handed on', false, true],
    ]);
  });

  test('comes in order within a thread, and again until it is on disk', async () => {
    await using rig = await openDiscordRig();
    await rig.listen();
    const thread = rig.thread();
    let failures = 2;
    rig.reply(() => {
      failures -= 1;
      if (failures >= 0) throw new GatewayError('storage_unavailable', 'the disk is full');
      return null;
    });
    for (let at = 0; at < 5; at += 1) rig.server.say(thread, rig.anna, `message ${at}`);
    await until(() => rig.said.length === 5);
    expect(rig.said.map(({ text }) => text)).toEqual([0, 1, 2, 3, 4].map((at) => `message ${at}`));
    expect(rig.log.of('discord.update_waits')).toHaveLength(1);
  });

  test('is answered in its thread, and nobody is called by it', async () => {
    await using rig = await openDiscordRig();
    await rig.listen();
    const thread = rig.thread();
    rig.reply(() => ({ text: 'Queued: place 2.' }));
    rig.server.say(thread, rig.anna, 'hello');
    await until(() => rig.server.messages(thread).length === 2);
    expect(rig.server.messages(thread)[1]).toMatchObject({ content: 'Queued: place 2.', author: { bot: true } });
  });

  test('may be changed and taken back; the preview of a link is no change', async () => {
    await using rig = await openDiscordRig();
    await rig.listen();
    const thread = rig.thread();
    const message = rig.server.say(thread, rig.anna, 'https://example.org');
    rig.server.gateway.tell('MESSAGE_UPDATE', { ...message, embeds: [{ type: 'link' }] });
    const changed = rig.server.world.changeMessage(message, { content: 'other words' });
    rig.server.remove(changed);
    await until(() => rig.deleted.length === 1);
    expect(rig.edited.map(({ text, messageId }) => [text, messageId])).toEqual([['other words', message.id]]);
    expect(rig.deleted).toEqual([message.id]);
  });
});

describe('what was written while nobody listened', () => {
  test('in known threads is fetched, oldest first, without our commands', async () => {
    await using rig = await openDiscordRig();
    const known = rig.thread();
    const bound = { transport: 'discord', chat: '', workspace: 'w', name: '', createdAt: Date.now() };
    rig.threads.push({ ...bound, threadId: known });
    for (const text of ['first', '/cancel', '/compact now']) rig.server.say(known, rig.anna, text);
    await rig.listen();
    await until(() => rig.said.length === 2);
    expect(rig.said.map(({ text }) => text)).toEqual(['first', '/compact now']);
  });

  test('in threads that were opened for tasks meanwhile is fetched, also when they are archived; in others it is not', async () => {
    await using rig = await openDiscordRig();
    const general = rig.server.world.addChannel({ name: 'general', type: 0 }).id;
    const other = rig.server.world.addChannel({ name: 'chat', type: 11, parent_id: general, owner_id: rig.anna.id }).id;
    const [active, archived] = ['one', 'two'].map((name) => {
      const owner = { parent_id: rig.server.tasks.id, owner_id: rig.anna.id };
      return rig.server.world.addChannel({ name, type: 11, ...owner });
    });
    for (const id of [other, active?.id, archived?.id]) rig.server.say(id ?? '', rig.anna, `in ${id}`);
    if (archived !== undefined) archived.archived = true;
    await rig.listen();
    await until(() => rig.said.length === 2);
    expect(rig.said.map(({ text }) => text)).toEqual([`in ${active?.id}`, `in ${archived?.id}`]);
  });

  test('is fetched from no further thread once nothing is heard any more', async () => {
    await using rig = await openDiscordRig();
    await rig.listen();
    for (const name of ['one', 'two', 'three']) rig.server.say(rig.thread(name), rig.anna, 'hello');
    await until(() => rig.said.length === 3);
    let stopped: Promise<void> | null = null;
    let fetched = 0;
    rig.server.behave(({ method, path }) => {
      if (method !== 'GET' || !path.endsWith('/messages')) return 'take';
      fetched += 1;
      stopped ??= rig.stop();
      return 'take';
    });
    rig.server.gateway.forgetSessions();
    rig.server.gateway.drop(4009);
    await until(() => stopped !== null);
    await stopped;
    expect(fetched).toBe(1);
  });

  test('and before the thread was bound stays undone', async () => {
    await using rig = await openDiscordRig();
    const known = rig.thread();
    rig.server.say(known, rig.anna, 'long ago');
    const createdAt = Date.now() + 120_000;
    rig.threads.push({ transport: 'discord', chat: '', threadId: known, workspace: 'w', name: '', createdAt });
    await rig.listen();
    rig.server.say(known, rig.anna, 'now');
    await until(() => rig.said.length === 1);
    expect(rig.said[0]?.text).toBe('now');
  });
});

describe('buttons and commands', () => {
  test('are taken at once, and answered to the one who pressed alone', async () => {
    await using rig = await openDiscordRig();
    await rig.listen();
    const thread = rig.thread();
    const button = { type: 2, style: 3, label: 'Allow', custom_id: 'a:apr-1' };
    const message = rig.server.say(thread, rig.server.world.bot, 'may I', {
      components: [{ type: 1, components: [button] }],
    });
    const interaction = await rig.server.press(message, 'Allow', rig.anna);
    expect(interaction.callback).toMatchObject({ type: 5, data: { flags: 64 } });
    expect(interaction.reply).toBe('Allowed.');
    expect(rig.pressed).toMatchObject([{ data: 'a:apr-1', speaker: { id: rig.anna.id }, place: { threadId: thread } }]);
  });

  test('are taken in time while what was said before is still being handled', async () => {
    await using rig = await openDiscordRig();
    await rig.listen();
    const thread = rig.thread();
    let isFull = true;
    rig.reply(() => {
      if (isFull) throw new GatewayError('storage_unavailable', 'the disk is full');
      return { text: 'nothing runs' };
    });
    rig.server.say(thread, rig.anna, 'hello');
    const answered = rig.server.command(thread, rig.anna, 'status');
    await until(() => rig.server.world.interactions[0]?.callback);
    isFull = false;
    expect((await answered).reply).toBe('nothing runs');
  });

  test('wait for no file that takes long', async () => {
    await using rig = await openDiscordRig();
    await rig.listen();
    const thread = rig.thread();
    const gate = Promise.withResolvers<null>();
    rig.reply(({ text }) => (text === 'slow' ? gate.promise : { text: 'nothing runs' }));
    rig.server.sendFiles(thread, rig.anna, 'slow', { 'film.mp4': 'x' });
    rig.server.say(thread, rig.anna, 'behind');
    expect((await rig.server.command(thread, rig.anna, 'status')).reply).toBe('nothing runs');
    rig.server.say(thread, rig.anna, '/cancel');
    await until(() => rig.said.length === 2);
    gate.resolve(null);
    await until(() => rig.said.length === 4);
    expect(rig.said.map(({ text }) => text)).toEqual(['/status', '/cancel', 'slow', 'behind']);
  });

  test('are handed on as words; where no agent is spoken to, only the one that binds', async () => {
    await using rig = await openDiscordRig();
    const general = rig.server.world.addChannel({ name: 'general', type: 0 }).id;
    await rig.listen();
    rig.reply(({ text }) => ({ text }));
    expect((await rig.server.command(rig.thread(), rig.anna, 'status')).reply).toBe('/status');
    expect((await rig.server.command(general, rig.anna, 'new', { workspace: 'blog' })).reply).toBe('/new blog');
    expect((await rig.server.command(general, rig.anna, 'cancel')).reply).toContain('No agent is spoken to here');
    expect(rig.said.map(({ text }) => text)).toEqual(['/status', '/new blog']);
  });

  test('are named in the menus of the allowed server', async () => {
    await using rig = await openDiscordRig();
    await rig.listen();
    const names = await until(() => rig.server.world.commands.length > 0 && rig.server.world.commands);
    expect(names.map(({ name }) => name)).toEqual(['status', 'cancel', 'new', 'sessions', 'approvals', 'help']);
  });
});
