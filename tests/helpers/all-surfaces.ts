import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createGateway, type Gateway } from '../../src/compose.ts';
import { readConfig } from '../../src/config/config.ts';
import type { Source } from '../../src/core/model/request.ts';
import { createApiCall } from './api-call.ts';
import { connectBot } from './bot-client.ts';
import { ANN, openChatNetworks } from './chat-people.ts';
import type { DiscordServer } from './discord-server/server.ts';
import { TEST_KEY, toEnvironment } from './gateway-rig.ts';
import { createKeptLog } from './kept-log.ts';
import { installScriptedAgent } from './scripted-agent/install.ts';
import type { Rule } from './scripted-agent/script.ts';
import { GROUP, type TelegramServer } from './telegram-server/telegram-server.ts';
import { until } from './until.ts';

/** All of them speak to it. */
export const WORKSPACE = 'shared';

/** A gateway on which every way in is open, with the scripted agent, and somebody at each of them. */
export interface AllSurfaces {
  readonly gateway: Gateway;
  readonly telegram: TelegramServer;
  readonly discord: DiscordServer;
  /** Gives a prompt as a caller of this source does; null: nothing of that kind is served. */
  readonly ways: Readonly<Record<Source, ((prompt: string) => Promise<void>) | null>>;
  /** The texts in the thread of each chat. */
  chatted(): readonly (readonly string[])[];
  close(): Promise<void>;
}

export async function openAllSurfaces(
  rules: readonly Rule[],
  env: (root: string) => Readonly<Record<string, string>>,
): Promise<AllSurfaces> {
  const root = await realpath(await mkdtemp(path.join(os.tmpdir(), 'gatehouse-surfaces-')));
  const agent = await installScriptedAgent(root, rules);
  const networks = await openChatNetworks();
  const { telegram, discord } = networks;
  const topic = telegram.topic(GROUP);
  const tasks = path.join(root, 'tasks');
  mkdirSync(tasks);
  const log = createKeptLog();
  const config = readConfig({
    ...toEnvironment(root, 'http://127.0.0.1:9'),
    CLAUDE_BIN: agent.bin,
    CLAUDE_EXTRA_ARGS: agent.extraArgs.join(' '),
    BOT_WORKSPACE: WORKSPACE,
    TASKS_DIR: tasks,
    ...networks.env,
    ...env(root),
  });
  const gateway = await createGateway(config, { log, apiKey: TEST_KEY });
  const baseUrl = `http://127.0.0.1:${gateway.httpAddress?.port}`;
  const call = createApiCall(baseUrl, TEST_KEY);
  await until(() => log.of('discord.tasks_channel').length === 1);
  const thread = discord.world.addChannel({ name: 'hooks', type: 11, parent_id: discord.tasks.id });
  const bot = await connectBot(baseUrl, TEST_KEY);
  await bindThreads();
  let files = 0;

  async function bindThreads(): Promise<void> {
    telegram.say({ chat: GROUP, thread: topic, from: ANN.telegram, text: `/new ${WORKSPACE}` });
    await telegram.untilShown(GROUP, topic, new RegExp(`workspace ${WORKSPACE}`));
    await discord.command(thread.id, ANN.discord, 'new', { workspace: WORKSPACE });
  }

  async function inject(prompt: string): Promise<void> {
    const url = `http://127.0.0.1:${gateway.injectAddress?.port}/inject`;
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ prompt, thread_id: topic });
    const { status } = await fetch(url, { method: 'POST', headers, body });
    if (status !== 200) throw new Error(`not injected: ${status}`);
  }

  return {
    gateway,
    telegram,
    discord,
    ways: {
      http: async (command) => void (await call('POST', '/execute', { json: { workspace: WORKSPACE, command } })),
      inject,
      bot: async (command) => void (await call('POST', '/api/task', { json: { task_id: command, command } })),
      ws: async (command) => bot.send({ type: 'task', command }),
      async file(prompt) {
        const name = `task-${(files += 1)}.md`;
        writeFileSync(path.join(tasks, `.${name}`), prompt);
        renameSync(path.join(tasks, `.${name}`), path.join(tasks, name));
      },
      quick: null,
      telegram: async (text) => void telegram.say({ chat: GROUP, thread: topic, from: ANN.telegram, text }),
      discord: async (text) => void discord.say(thread.id, ANN.discord, text),
      cli: null,
    },
    chatted: () => [
      telegram.messages(GROUP, topic).map(({ text }) => text),
      discord.messages(thread.id).map(({ content }) => content),
    ],
    async close() {
      await bot.close();
      await gateway.down();
      await networks[Symbol.asyncDispose]();
      await rm(root, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
    },
  };
}
