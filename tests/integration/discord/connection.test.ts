import { describe, expect, test } from '@jest/globals';
import { ALL_PERMISSIONS } from '../../helpers/discord-server/world.ts';
import { until } from '../../helpers/until.ts';
import { openDiscordRig } from './discord-rig.ts';

const OPEN = AbortSignal.timeout(60_000);

describe('the connection', () => {
  test('is kept by its beats, and goes on where it was after a break', async () => {
    await using rig = await openDiscordRig({ heartbeatMs: 100 });
    await rig.listen();
    const thread = rig.thread();
    rig.server.gateway.drop(0);
    rig.server.say(thread, rig.anna, 'in between');
    await until(() => rig.said.length === 1);
    expect(rig.server.gateway.log).toEqual(['identify', 'resume', 'resumed']);
  });

  test('begins anew when its session is gone, and the tasks channel is there again', async () => {
    await using rig = await openDiscordRig();
    await rig.listen();
    rig.server.gateway.forgetSessions();
    rig.server.gateway.drop(4009);
    await until(() => rig.server.gateway.live() === 1);
    expect(rig.server.gateway.log).toEqual(['identify', 'resume', 'identify']);
    rig.server.say(rig.thread(), rig.anna, 'hello again');
    await until(() => rig.said.length === 1);
    expect(rig.channels.find()).not.toBeNull();
  });

  test('comes again when it is asked to', async () => {
    await using rig = await openDiscordRig();
    await rig.listen();
    rig.server.gateway.askToReconnect();
    await until(() => rig.server.gateway.log.includes('resumed'));
  });

  test('says which switch is off, takes the tasks channel back, and is there once it is on', async () => {
    await using rig = await openDiscordRig();
    await rig.listen();
    rig.server.settings.mayReadContent = false;
    rig.server.gateway.drop(4014);
    await until(() => rig.discord.transport.problems?.().some((problem) => problem.includes('Message Content Intent')));
    expect(rig.channels.find()).toBeNull();
    rig.server.settings.mayReadContent = true;
    await until(() => rig.channels.find() !== null);
    expect(rig.discord.transport.problems?.()).toEqual([]);
  });

  test('with a wrong token says so, and repeats no token', async () => {
    await using rig = await openDiscordRig({ token: 'MTIz.wrong' });
    await expect(rig.listen()).rejects.toThrow();
    expect(rig.discord.transport.problems?.()).toEqual(['Discord: the token is wrong: set DISCORD_BOT_TOKEN']);
    expect(rig.log.text()).not.toContain('MTIz.wrong');
  });
});

test('a server that repeats what it was asked does not bring the token into an error', async () => {
  await using rig = await openDiscordRig();
  await rig.listen();
  rig.server.behave(() => ({ status: 403, code: 50_001, message: `Bot ${rig.server.token}` }));
  const outcome = await rig.deliver(rig.thread(), { kind: 'test' });
  expect(outcome).toMatchObject({ kind: 'refused', error: expect.stringContaining('(the token)') });
  expect(JSON.stringify(outcome)).not.toContain(rig.server.token);
});

describe('the tasks channel', () => {
  test('opens public threads whose names fit', async () => {
    await using rig = await openDiscordRig();
    await rig.listen();
    const id = await rig.channels.find('discord')?.create(`${'x'.repeat(98)}👍👍\n`, OPEN);
    const thread = rig.server.world.channels.get(id ?? '');
    expect(thread).toMatchObject({ name: `${'x'.repeat(98)}…`, parent_id: rig.server.tasks.id });
  });

  test('without a permission that it needs is none, and names it', async () => {
    await using rig = await openDiscordRig();
    await rig.listen();
    rig.server.world.permissions = ALL_PERMISSIONS & ~(1n << 35n);
    const role = { id: rig.server.world.guildId, name: '@everyone', position: 0, color: 0 };
    const permissions = String(rig.server.world.permissions);
    rig.server.gateway.tell('GUILD_ROLE_UPDATE', {
      guild_id: rig.server.world.guildId,
      role: { ...role, permissions },
    });
    await until(() => rig.channels.find() === null);
    expect(rig.discord.transport.problems?.().join()).toContain('Create Public Threads');
  });

  test('that is made later is found', async () => {
    await using rig = await openDiscordRig();
    rig.server.tasks.name = 'another';
    await expect(rig.listen()).rejects.toThrow();
    expect(rig.discord.transport.problems?.().join()).toContain('there is no text channel #tasks');
    rig.server.world.addChannel({ name: 'tasks', type: 0 });
    await until(() => rig.channels.find() !== null);
  });

  test('that gets the permission it lacks is found', async () => {
    await using rig = await openDiscordRig();
    rig.server.world.permissions = ALL_PERMISSIONS & ~(1n << 35n);
    await expect(rig.listen()).rejects.toThrow();
    const role = { id: rig.server.world.guildId, name: '@everyone', position: 0, color: 0 };
    const permissions = String(ALL_PERMISSIONS);
    rig.server.gateway.tell('GUILD_ROLE_UPDATE', {
      guild_id: rig.server.world.guildId,
      role: { ...role, permissions },
    });
    await until(() => rig.channels.find() !== null);
  });

  test('that cannot open a thread says why to the caller', async () => {
    await using rig = await openDiscordRig();
    await rig.listen();
    rig.server.behave(() => ({ status: 400, code: 160_006 }));
    await expect(rig.channels.find()?.create('x', OPEN)).rejects.toMatchObject({
      code: 'no_task_channel',
      message: expect.stringContaining('160006'),
    });
  });

  test('is taken back when the bot is thrown out', async () => {
    await using rig = await openDiscordRig();
    await rig.listen();
    rig.server.gateway.tell('GUILD_DELETE', { id: rig.server.world.guildId });
    await until(() => rig.channels.find() === null);
    expect(rig.discord.transport.problems?.().join()).toContain('invite it');
  });
});
