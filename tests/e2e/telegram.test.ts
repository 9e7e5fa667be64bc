import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import path from 'node:path';
import { NOTE, planForChat } from '../helpers/chat-script.ts';
import { openGatewayRig, type GatewayRig } from '../helpers/gateway-rig.ts';
import { createKeptLog, type KeptLog } from '../helpers/kept-log.ts';
import { GROUP, openTelegramServer, type TelegramServer, TOKEN } from '../helpers/telegram-server/telegram-server.ts';
import { until } from '../helpers/until.ts';

const ANN = 42;
const STRANGER = 43;

interface Injected {
  readonly thread_id: number;
  readonly link: string;
  readonly requestId: string;
}

/** A conversation in a topic, with the real CLI. */
describe('Telegram', () => {
  let rig: GatewayRig;
  let server: TelegramServer;
  let log: KeptLog;
  let workspace = '';
  beforeAll(async () => {
    server = await openTelegramServer();
    server.chat(GROUP, { isForum: true, mayManageTopics: true });
    log = createKeptLog();
    rig = await openGatewayRig({
      log,
      env: {
        TELEGRAM_BOT_TOKEN: TOKEN,
        TELEGRAM_API_ROOT: server.url,
        ALLOWED_CHATS: String(GROUP),
        TELEGRAM_ALLOWED_USERS: String(ANN),
        TELEGRAM_APPROVERS: String(ANN),
      },
      script: (prompt) =>
        prompt.startsWith('write')
          ? {
              tool: 'Write',
              input: { file_path: path.join(rig.root, 'workspaces', 'telegram-note.txt'), content: 'x' },
              answer: 'It is **written**.',
            }
          : planForChat(prompt, () => path.join(rig.root, 'workspaces', workspace)),
    });
    await until(async () => (await health()).factory_registered);
  });
  afterAll(async () => {
    await rig.close();
    await server.close();
  });

  const injectUrl = (route: string): string => `http://127.0.0.1:${rig.gateway.injectAddress?.port}${route}`;
  const health = async () => (await (await fetch(injectUrl('/health'))).json()) as { factory_registered: boolean };
  async function inject(prompt: string): Promise<Injected> {
    const body = JSON.stringify({ prompt, task_name: 'Daily post' });
    const headers = { 'content-type': 'application/json' };
    return (await (await fetch(injectUrl('/inject'), { method: 'POST', headers, body })).json()) as Injected;
  }
  const textsIn = (thread: number): readonly string[] => server.messages(GROUP, thread).map(({ text }) => text);

  test('a task has a topic with its prompt, its progress, its approval and its answer, and people go on there', async () => {
    const { thread_id: thread, link } = await inject('write the note');
    expect(link).toBe(`https://t.me/c/1234567890/${thread}`);
    expect(server.world.chats.get(GROUP)?.topics.get(thread)?.name).toBe('Daily post');

    const approval = await server.untilShown(GROUP, thread, /^May it use Write/);
    const progress = await server.untilShown(GROUP, thread, /^✋ Waiting for a decision/);
    const stranger = server.press(approval, 'Allow', STRANGER);
    await until(() => server.world.pressAnswers.get(stranger) === 'You may not decide here.');
    const press = server.press(approval, 'Allow', ANN);
    await until(() => server.world.pressAnswers.get(press) === 'Allowed.');
    await server.untilShown(GROUP, thread, /✓ Allowed by Person 42$/);
    expect(approval.buttons).toEqual([]);

    const answer = await server.untilShown(GROUP, thread, /^It is written\.$/);
    expect(answer).toMatchObject({ isQuiet: false, entities: [{ type: 'bold', offset: 6, length: 7 }] });
    expect((await server.untilShown(GROUP, thread, /^✓ Done in/)).id).toBe(progress.id);
    expect(progress.isQuiet).toBe(true);
    expect(textsIn(thread)[0]).toBe('Task from inject\n\nwrite the note');
    expect(textsIn(thread)).toHaveLength(4);

    server.say({ chat: GROUP, thread, from: ANN, text: 'and who are you' });
    await server.untilShown(GROUP, thread, /^echo: and who are you$/);
    const requests = (await rig.call('GET', '/requests')).body.requests as { workspace: string; source: string }[];
    expect(requests.map(({ workspace, source }) => [workspace, source])).toEqual([
      [`telegram-${thread}`, 'telegram'],
      [`telegram-${thread}`, 'inject'],
    ]);
  }, 180_000);

  test('a file lies in the workspace, two tools use it, and what the answer names comes back', async () => {
    const thread = server.topic(GROUP, 'Windows');
    workspace = `telegram-${thread}`;
    server.sendFile({ chat: GROUP, thread, from: ANN, name: 'note.txt', content: NOTE, caption: 'copy the note' });
    const asked = await server.untilShown(GROUP, thread, /^May it use Bash/);
    server.press(asked, 'Allow', ANN);
    await server.untilShown(GROUP, thread, /^Here is the copy\.$/);
    const copy = await until(() => server.messages(GROUP, thread).find(({ file }) => file !== null));
    expect(copy.file).toEqual({ name: 'copy.txt', text: NOTE });
    await server.untilShown(GROUP, thread, /^“..\/..\/secret” is not attached: it /);
    expect(rig.model.prompts).toContain('copy the note\n\nFiles were sent with this: inbox/note.txt');
  }, 180_000);

  test('a question has its options as buttons, and the message says what was chosen', async () => {
    const thread = server.topic(GROUP, 'Colours');
    server.say({ chat: GROUP, thread, from: ANN, text: 'choose a colour' });
    const asked = await server.untilShown(GROUP, thread, /^Which colour\?/);
    expect(asked.buttons.map(({ text }) => text)).toEqual(['Red', 'Blue', 'Deny']);
    server.press(asked, 'Blue', ANN);
    await server.untilShown(GROUP, thread, /✓ Answered: Blue by Person 42$/);
    await server.untilShown(GROUP, thread, /^It is painted\.$/);
  }, 180_000);

  test('strangers, bots and what is handed on start nothing, and are told of once', async () => {
    const thread = server.topic(GROUP);
    const before = (await rig.call('GET', '/requests')).body.requests.length;
    for (let at = 0; at < 10; at += 1) server.say({ chat: GROUP, thread, from: STRANGER, text: `do it ${at}` });
    const bot = { from: { id: ANN, is_bot: true, first_name: 'Bot' } };
    server.say({ chat: GROUP, thread, from: ANN, text: 'do it', more: bot });
    const origin = { forward_origin: { type: 'hidden_user', date: 1, sender_user_name: 'x' } };
    server.say({ chat: GROUP, thread, from: ANN, text: 'do it', more: origin });
    server.say({ chat: GROUP, thread, from: ANN, text: '/sessions' });
    await server.untilShown(GROUP, thread, /^telegram-/);
    expect((await rig.call('GET', '/requests')).body.requests).toHaveLength(before);
    const lines = log.of('chat.stranger').map(({ userId }) => userId);
    expect(lines).toEqual([String(STRANGER), String(ANN)]);
  });

  test('the token is in no line of the log', () => {
    expect(log.text()).toContain('telegram.connected');
    expect(log.text()).not.toContain(TOKEN.split(':')[1]);
  });
});
