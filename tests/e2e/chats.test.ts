import { readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { hasCode } from '../../src/lib/error-code.ts';
import { ANN, type ChatNetworks, EVE, openChatNetworks } from '../helpers/chat-people.ts';
import { findFreePort } from '../helpers/free-port.ts';
import { processesWith } from '../helpers/process-tree.ts';
import { openProcessRig, type ProcessRig } from '../helpers/process-rig.ts';
import { GROUP, TOKEN } from '../helpers/telegram-server/telegram-server.ts';
import { until } from '../helpers/until.ts';

/** What each answer of a network takes on its way. */
const LINGER_MS = 400;
const LINKED_WITHIN_MS = 2_000;
const FLOOD = 100;
const NETWORKS = ['telegram', 'discord'] as const;
type Network = (typeof NETWORKS)[number];

interface Injected {
  readonly thread_id: number | string;
  readonly link: string;
}

/** A gateway as a process of its own, with the real CLI and both networks. */
describe('a gateway with Telegram and Discord', () => {
  let networks: ChatNetworks;
  let rig: ProcessRig;
  let injectUrl: string;
  /** Of each network, a thread in which Ann speaks with an agent. */
  const threads = new Map<Network, string>();

  beforeAll(async () => {
    networks = await openChatNetworks();
    const port = await findFreePort();
    injectUrl = `http://127.0.0.1:${port}/inject`;
    const env = { ...networks.env, TASK_API_PORT: String(port), LOG_LEVEL: 'info' };
    rig = await openProcessRig((prompt) => `echo: ${prompt}`, env);
    await until(() => ['telegram.connected', 'discord.tasks_channel'].every((event) => rig.log().includes(event)));
    await untilBothTakeTasks();
  });
  afterAll(async () => {
    await rig.close();
    await networks[Symbol.asyncDispose]();
  });

  async function untilBothTakeTasks(): Promise<void> {
    await until(async () => {
      const { checks } = (await rig.call('GET', '/health')).body as { checks: { gateway: { transports: Health[] } } };
      const known = checks.gateway.transports.filter(({ name }) => NETWORKS.some((network) => network === name));
      return known.length === NETWORKS.length && known.every(({ problems }) => problems?.length === 0);
    });
  }

  const linesOf = (event: string): readonly string[] =>
    rig
      .log()
      .split('\n')
      .filter((line) => line.includes(`"msg":"${event}"`));
  const countRequests = async (): Promise<number> => (await rig.call('GET', '/requests')).body.requests.length;
  const textsIn = (network: Network, thread: string): readonly string[] =>
    network === 'telegram'
      ? networks.telegram.messages(GROUP, Number(thread)).map(({ text }) => text)
      : networks.discord.messages(thread).map(({ content }) => content);

  test.each(NETWORKS)(
    '%s: the thread exists, and its link is in the answer within 2 s, however slow the network is',
    async (platform) => {
      const { telegram, discord } = networks;
      telegram.linger((method) => (method === 'getUpdates' ? 0 : LINGER_MS));
      discord.linger(() => LINGER_MS);
      const askedAt = performance.now();
      const answer = await fetch(injectUrl, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          prompt: `hello from ${platform}`,
          task_name: `Hello ${platform}`,
          platform,
        }),
      });
      const injected = (await answer.json()) as Injected;
      expect(performance.now() - askedAt).toBeLessThan(LINKED_WITHIN_MS);
      expect(answer.status).toBe(200);
      const thread = findThread(networks, platform, `Hello ${platform}`);
      expect(injected.link.endsWith(`/${thread}`)).toBe(true);
      threads.set(platform, thread);
      telegram.linger(() => 0);
      discord.linger(() => 0);
      await until(() => textsIn(platform, thread).includes(`echo: hello from ${platform}`));
    },
  );

  test.each(NETWORKS)(
    `%s: a stranger with ${FLOOD} messages, a bot, what is handed on and what comes again start nothing, and are a line each`,
    async (network) => {
      const thread = threads.get(network) ?? '';
      const before = { requests: await countRequests(), log: readLog(rig) };
      if (network === 'telegram') floodTelegram(networks, Number(thread));
      else floodDiscord(networks, thread);
      // What is heard in a thread is heard in order, so all that was before it is done with.
      await until(() => textsIn(network, thread).filter((text) => text === 'echo: the last one').length === 1);
      expect((await countRequests()) - before.requests).toBe(2);
      expect(rig.model.count(`the last but one in ${network}`)).toBe(1);
      const added = readLog(rig).slice(before.log.length);
      const strangers = added.filter(({ msg }) => msg === 'chat.stranger');
      expect(strangers.map(({ transport, isProgram }) => [transport, isProgram])).toEqual([
        [network, false],
        [network, true],
      ]);
      expect(added.filter(({ level }) => level !== 'info')).toEqual(strangers);
    },
  );

  test('nobody but approvers presses a button, and a stranger is told of once', async () => {
    const { telegram } = networks;
    const thread = Number(threads.get('telegram'));
    const message = { ...telegram.messages(GROUP, thread)[0], buttons: [{ text: 'Allow', data: 'a:apr-1' }] };
    for (let time = 0; time < FLOOD; time += 1) {
      const press = telegram.press(message as never, 'Allow', EVE.telegram);
      await until(() => telegram.world.pressAnswers.get(press) === 'You may not decide here.');
    }
    expect(linesOf('chat.no_approver')).toHaveLength(1);
  });

  test('the tokens are in no log, error, message, answer or file, and the agents do not get them', async () => {
    const { telegram, discord } = networks;
    // All that may speak of a token: networks that break, and tokens that are refused.
    telegram.fail((method) => (method === 'getUpdates' ? null : { status: 502 }));
    discord.behave(() => 'lost');
    for (const [network, thread] of threads) await submitTo(rig, network, thread);
    await until(() => linesOf('delivery.failed').length >= NETWORKS.length);
    telegram.fail(() => null);
    telegram.useToken('7000000001:another');
    // What comes ends the question that is held, and the next one is refused.
    telegram.say({ chat: GROUP, from: EVE.telegram, text: 'hello' });
    discord.behave(() => ({ status: 401 }));
    discord.gateway.forgetSessions();
    discord.gateway.drop(4004);
    await until(() => ['telegram.token_refused', 'discord.not_connected'].every((event) => linesOf(event).length > 0));

    const places = ['/health', '/deliveries', '/requests', '/sessions', '/events', '/openapi.json'];
    const answers = await Promise.all(places.map(async (place) => (await rig.call('GET', place)).text));
    const agents = processesWith(rig.tmuxSocket).filter((pid) => /claude/.test(readProcess(pid, 'cmdline')));
    expect(agents.length).toBeGreaterThan(0);
    const seen = {
      log: rig.log(),
      answers: answers.join('\n'),
      messages: JSON.stringify([telegram.world.messages, [...discord.world.messages.values()]]),
      files: await readAll(rig.root),
      agents: agents.map((pid) => `${readProcess(pid, 'environ')} ${readProcess(pid, 'cmdline')}`).join('\n'),
    };
    // The search would find it.
    for (const text of [seen.messages, seen.files]) expect(text).toContain('hello from telegram');
    expect(seen.agents).toContain('PATH=');
    for (const [place, text] of Object.entries(seen)) {
      const found = [TOKEN, discord.token].filter((token) => text.includes(secretOf(token)));
      expect([place, text.length > 0, found]).toEqual([place, true, []]);
    }
  });
});

interface Health {
  readonly name: string;
  readonly problems?: readonly string[];
}

interface Line {
  readonly level: string;
  readonly msg: string;
  readonly transport?: string;
  readonly isProgram?: boolean;
}

function readLog(rig: ProcessRig): readonly Line[] {
  const lines = rig.log().split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line) as Line).filter(({ msg }) => msg !== 'http.request');
}

function findThread({ telegram, discord }: ChatNetworks, network: Network, name: string): string {
  const topics = [...(telegram.world.chats.get(GROUP)?.topics.values() ?? [])].map((topic) => ({
    ...topic,
    id: String(topic.id),
  }));
  const known = network === 'telegram' ? topics : [...discord.world.channels.values()];
  const thread = known.find((one) => one.name === name);
  if (thread === undefined) throw new Error(`there is no thread ${name}`);
  return thread.id;
}

function floodTelegram({ telegram }: ChatNetworks, thread: number): void {
  const place = { chat: GROUP, thread };
  for (let at = 0; at < FLOOD; at += 1) telegram.say({ ...place, from: EVE.telegram, text: `run this ${at}` });
  const bot = { from: { id: ANN.telegram, is_bot: true, first_name: 'Bot' } };
  telegram.say({ ...place, from: ANN.telegram, text: 'run this', more: bot });
  const origin = { forward_origin: { type: 'hidden_user', date: 1, sender_user_name: 'x' } };
  telegram.say({ ...place, from: ANN.telegram, text: 'run this', more: origin });
  telegram.say({ ...place, from: ANN.telegram, text: 'the last but one in telegram' });
  telegram.replay();
  telegram.say({ ...place, from: ANN.telegram, text: 'the last one' });
}

function floodDiscord({ discord }: ChatNetworks, thread: string): void {
  for (let at = 0; at < FLOOD; at += 1) discord.say(thread, EVE.discord, `run this ${at}`);
  discord.say(thread, { ...ANN.discord, bot: true }, 'run this');
  discord.say(thread, ANN.discord, 'run this', { message_reference: { type: 1, channel_id: thread } });
  const last = discord.say(thread, ANN.discord, 'the last but one in discord');
  discord.gateway.tell('MESSAGE_CREATE', last);
  discord.say(thread, ANN.discord, 'the last one');
}

async function submitTo(rig: ProcessRig, network: Network, thread: string): Promise<void> {
  const replyTo = network === 'telegram' ? `telegram:${GROUP}:${thread}` : `discord:${thread}`;
  const { status } = await rig.call('POST', '/execute', { json: { workspace: 'told', command: 'say it', replyTo } });
  expect(status).toBe(202);
}

function readProcess(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1');
  } catch {
    return ''; // It ended since it was listed.
  }
}

/** All files below it: the store, the agents' homes, the workspaces, the log. */
async function readAll(root: string): Promise<string> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
  // Some live only until they have another name.
  const read = (file: string): Promise<string> =>
    readFile(file, 'latin1').catch((error: unknown) => (hasCode(error, 'ENOENT') ? '' : Promise.reject(error)));
  return (await Promise.all(files.map(read))).join('\n');
}

/** What tells nothing to others is not looked for: the id of the bot. */
function secretOf(token: string): string {
  return token.slice(token.search(/[:.]/) + 1);
}
