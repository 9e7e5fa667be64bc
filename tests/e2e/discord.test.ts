import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import path from 'node:path';
import { NOTE, planForChat } from '../helpers/chat-script.ts';
import { type DiscordServer, openDiscordServer } from '../helpers/discord-server/server.ts';
import type { DiscordMessage, DiscordUser } from '../helpers/discord-server/world.ts';
import { type GatewayRig, openGatewayRig } from '../helpers/gateway-rig.ts';
import { createKeptLog } from '../helpers/kept-log.ts';
import { until } from '../helpers/until.ts';

const ANNA = '80351110224678912';

describe('a thread of Discord, with the real CLI', () => {
  const log = createKeptLog();
  let server: DiscordServer;
  let rig: GatewayRig;
  let workspace = '';
  const anna: DiscordUser = { id: ANNA, username: 'anna', bot: false };

  beforeAll(async () => {
    server = await openDiscordServer();
    rig = await openGatewayRig({
      log,
      env: {
        DISCORD_BOT_TOKEN: server.token,
        DISCORD_API_ROOT: server.apiRoot,
        DISCORD_ALLOWED_GUILDS: server.world.guildId,
        DISCORD_ALLOWED_USERS: ANNA,
        DISCORD_APPROVERS: ANNA,
      },
      script(prompt) {
        if (!prompt.includes('touch')) return planForChat(prompt, () => path.join(rig.root, 'workspaces', workspace));
        return { tool: 'Bash', input: { command: 'date > made', description: 'make a file' }, answer: '**made** it' };
      },
    });
    await until(() => log.of('discord.tasks_channel').length === 1);
  });
  afterAll(async () => {
    await rig.close();
    await server.close();
  });

  const inject = async (json: object): Promise<{ readonly status: number; readonly body: Record<string, unknown> }> => {
    const port = rig.gateway.injectAddress?.port;
    const answer = await fetch(`http://127.0.0.1:${port}/inject`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(json),
    });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  };
  const find = (thread: string, text: RegExp): Promise<DiscordMessage> =>
    until(() => server.messages(thread).find(({ content }) => text.test(content)));
  /** What is told of a turn's progress names a question as well. */
  const findAsked = (thread: string, text: RegExp): Promise<DiscordMessage> =>
    until(() => server.messages(thread).find(({ content, components }) => text.test(content) && components.length > 0));

  test('shows a task, how it gets on, an approval that a button decides, and the answer; and goes on', async () => {
    const injected = await inject({ prompt: 'touch a file', task_name: 'Make it' });
    expect(injected.status).toBe(200);
    const [thread] = [...server.world.channels.values()].filter(({ name }) => name === 'Make it');
    if (thread === undefined) throw new Error('there is no thread');

    expect(injected.body['link']).toBe(`https://discord.com/channels/${server.world.guildId}/${thread.id}`);
    expect((await find(thread.id, /A task/)).content).toContain('> touch a file');
    const asked = await findAsked(thread.id, /\*\*Bash\*\* asks for permission/);
    expect(asked.content).toContain('date > made');
    expect((await server.press(asked, 'Allow', anna)).reply).toBe('Allowed.');
    expect((await find(thread.id, /^\*\*made\*\* it$/)).edited_timestamp).toBeNull();
    const decided = await find(thread.id, /Allowed by anna/);
    expect(decided).toMatchObject({ id: asked.id, components: [] });
    const progress = await find(thread.id, /^✅ Done in/);
    expect(progress.edited_timestamp).not.toBeNull();
    expect(server.messages(thread.id).filter(({ author }) => author.bot)).toHaveLength(4);

    server.say(thread.id, anna, 'go on');
    await find(thread.id, /^echo: go on$/);
    const sessions = (await rig.call('GET', '/sessions')).body.sessions as readonly { readonly workspace: string }[];
    expect(sessions.map(({ workspace }) => workspace)).toEqual([`discord-${thread.id}`]);
  });

  test('takes a file, and gives back what the answer names', async () => {
    const thread = server.world.addChannel({ name: 'windows', type: 11, parent_id: server.tasks.id }).id;
    workspace = `discord-${thread}`;
    server.sendFiles(thread, anna, 'copy the note', { 'note.txt': NOTE });
    await server.press(await find(thread, /\*\*Bash\*\* asks for permission/), 'Allow', anna);
    await find(thread, /^Here is the \*\*copy\*\*\.$/);
    const copy = await until(() =>
      server.messages(thread).find((sent) => sent.author.bot && sent.attachments.length > 0),
    );
    expect([copy.attachments[0]?.filename, server.world.files.get(copy.attachments[0]?.id ?? '')]).toEqual([
      'copy.txt',
      NOTE,
    ]);
    await find(thread, /secret” is not attached: it /);
    expect(rig.model.prompts).toContain('copy the note\n\nFiles were sent with this: inbox/note.txt');
  });

  test('shows a question with its options, and what was chosen', async () => {
    const thread = server.world.addChannel({ name: 'colours', type: 11, parent_id: server.tasks.id }).id;
    server.say(thread, anna, 'choose a colour');
    const asked = await findAsked(thread, /Which colour\?/);
    expect(asked.components[0]?.components.map(({ label }) => label)).toEqual(['Red', 'Blue', 'Deny']);
    await server.press(asked, 'Blue', anna);
    expect(await find(thread, /✅ Answered: Blue by anna/)).toMatchObject({ id: asked.id, components: [] });
    await find(thread, /^It is painted\.$/);
  });

  test('starts nothing for a stranger, a bot, or a forwarded message; a stranger decides nothing', async () => {
    const before = (await rig.call('GET', '/requests')).body.requests.length;
    const thread = server.world.addChannel({ name: 'open', type: 11, parent_id: server.tasks.id }).id;
    server.say(thread, server.person('eve'), 'run this');
    server.say(thread, { ...anna, bot: true }, 'run this');
    server.say(thread, anna, 'run this', { message_reference: { type: 1, channel_id: thread } });
    server.say(thread, anna, 'a real one');
    await find(thread, /^echo: a real one$/);
    const { requests } = (await rig.call('GET', '/requests')).body;
    expect(requests.length - before).toBe(1);
    expect(log.of('chat.stranger').length).toBeGreaterThan(0);
  });

  test('gets what was written in it while the connection was down', async () => {
    const [thread] = [...server.world.channels.values()].filter(({ name }) => name === 'Make it');
    if (thread === undefined) throw new Error('there is no thread');
    server.gateway.forgetSessions();
    server.gateway.drop(1011);
    server.say(thread.id, anna, 'while you were away');
    await find(thread.id, /^echo: while you were away$/);
    expect(rig.model.count('while you were away')).toBe(1);
  });

  test('without #tasks there is no new one, and both /inject and /health say what to change', async () => {
    server.world.channels.delete(server.tasks.id);
    server.gateway.tell('CHANNEL_DELETE', { ...server.tasks, position: 0, permission_overwrites: [] });
    await until(() => log.of('discord.no_tasks_channel').length > 0);
    const refused = await inject({ prompt: 'hi' });
    expect(refused.status).toBe(503);
    expect(JSON.stringify(refused.body)).toContain('#tasks');
    expect(JSON.stringify((await rig.call('GET', '/health')).body)).toContain('there is no text channel #tasks');
  });

  test('the token is in no line of the log', () => {
    expect(log.text()).toContain('discord.connected');
    expect(log.text()).not.toContain(server.token);
  });
});
