import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { findChromium, openBrowser } from '../../helpers/browser.ts';
import { ANN, type ChatNetworks, openChatNetworks } from '../../helpers/chat-people.ts';
import { GROUP } from '../../helpers/telegram-server/telegram-server.ts';
import { drawThread } from '../../helpers/chat-pictures/discord-page.ts';
import { drawTopic } from '../../helpers/chat-pictures/telegram-page.ts';
import { type GatewayRig, openGatewayRig } from '../../helpers/gateway-rig.ts';
import { createKeptLog } from '../../helpers/kept-log.ts';
import { until } from '../../helpers/until.ts';

const chromium = findChromium();
const suite = chromium === null ? describe.skip : describe;
/** `npm run docs:pictures` writes them; a test only looks whether they can be drawn. */
const IS_WRITING = process.env['WRITE_PICTURES'] === '1';
const FOLDER = 'docs/pictures';
const SIZE_MAX = 150_000;
const TASK = 'Release notes 1.4';
const PROMPT = 'Write the release notes for 1.4 from the last commits.';
const NEXT = 'Good. Now tag it, with these words.';
const FILE = { name: 'tag-message.txt', content: 'Threads for every task, at last.\n' };
const COMMAND = 'git tag -F inbox/tag-message.txt v1.4.0';
const WAITING = /Wait(s|ing) for a decision/;
const ANSWER = `**1.4** is a small release:

- \`/inject\` opens a thread for each task
- approvals are *buttons* in the thread
- files go both ways

\`\`\`
14 commits, 3 authors, 0 open bugs
\`\`\`

attach: notes-1.4.md`;

/** The same conversation in both networks, with the real CLI. */
suite(`pictures of a thread${chromium === null ? ' (skipped: there is no Chromium in PATH)' : ''}`, () => {
  let networks: ChatNetworks;
  let rig: GatewayRig;
  let browser: Browser;

  beforeAll(async () => {
    networks = await openChatNetworks();
    networks.telegram.world.names.set(ANN.telegram, 'Ann');
    const log = createKeptLog();
    rig = await openGatewayRig({ log, env: networks.env, script: toPlan });
    browser = await openBrowser(chromium ?? '');
    await until(() => log.of('telegram.connected').length > 0 && log.of('discord.tasks_channel').length > 0);
  });
  afterAll(async () => {
    await browser.close();
    await rig.close();
    await networks[Symbol.asyncDispose]();
  });

  async function inject(platform: string): Promise<void> {
    const body = JSON.stringify({ prompt: PROMPT, task_name: TASK, platform });
    const headers = { 'content-type': 'application/json' };
    const url = `http://127.0.0.1:${rig.gateway.injectAddress?.port}/inject`;
    // A network takes a moment to say what the bot may do there.
    await until(async () => (await fetch(url, { method: 'POST', headers, body })).status === 200);
  }

  /** Draws it, and looks whether all of it can be seen. */
  async function draw(name: string, html: string): Promise<Page> {
    const page = await browser.newPage({ viewport: { width: 640, height: 800 }, deviceScaleFactor: 1.5 });
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.setContent(html);
    expect(asked).toEqual([]);
    const main = page.locator('main');
    expect(await main.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)).toBe(0);
    const picture = await main.screenshot();
    expect(picture.length).toBeLessThan(SIZE_MAX);
    if (IS_WRITING) {
      mkdirSync(FOLDER, { recursive: true });
      writeFileSync(path.join(FOLDER, `${name}.png`), picture);
    }
    return page;
  }

  async function expectAll(page: Page, texts: readonly string[]): Promise<void> {
    const shown = (await page.innerText('main')).replaceAll('\u00a0', ' ');
    for (const text of texts) expect(shown).toContain(text);
    await page.close();
  }

  const SHOWN = [
    TASK,
    PROMPT,
    'Allowed by',
    '1.4 is a small release:',
    'notes-1.4.md',
    FILE.name,
    NEXT,
    COMMAND,
    'Allow',
    'Deny',
  ];

  test('in Telegram: prompt, progress, a decision, an answer, files, and a question with its buttons', async () => {
    const { telegram } = networks;
    await inject('telegram');
    const [topic] = [...(telegram.world.chats.get(GROUP)?.topics.values() ?? [])];
    const thread = topic?.id ?? 0;
    const asked = await telegram.untilShown(GROUP, thread, /^May it use/);
    // Of what ends before its progress is told, none is told.
    await telegram.untilShown(GROUP, thread, WAITING);
    telegram.press(asked, 'Allow', ANN.telegram);
    await until(() => telegram.messages(GROUP, thread).some(({ file }) => file?.name === 'notes-1.4.md'));
    await telegram.untilShown(GROUP, thread, /^✓ Done in/);
    telegram.sendFile({ chat: GROUP, thread, from: ANN.telegram, caption: NEXT, ...FILE });
    await telegram.untilShown(GROUP, thread, /git tag -F/);
    await telegram.untilShown(GROUP, thread, WAITING);
    const messages = telegram.messages(GROUP, thread);
    const written = telegram.world.written.filter((message) => message.thread === thread);
    const html = drawTopic({ name: topic?.name ?? '', group: 'Our agents', messages, written });
    await expectAll(await draw('telegram-thread', html), SHOWN);
  }, 180_000);

  test('in Discord: the same', async () => {
    const { discord } = networks;
    await inject('discord');
    const thread = [...discord.world.channels.values()].find(({ name }) => name === TASK)?.id ?? '';
    const find = (what: RegExp) => until(() => discord.messages(thread).find(({ content }) => what.test(content)));
    const asked = await find(/asks for permission/);
    await find(WAITING);
    await discord.press(asked, 'Allow', ANN.discord);
    await until(() => discord.messages(thread).some(({ attachments }) => attachments.length > 0));
    await find(/Done in/);
    discord.sendFiles(thread, ANN.discord, NEXT, { [FILE.name]: FILE.content });
    await find(/git tag -F/);
    await find(WAITING);
    const html = drawThread({ name: TASK, channel: 'tasks', messages: discord.messages(thread) });
    await expectAll(await draw('discord-thread', html), SHOWN);
  }, 180_000);

  test('the pages of the networks show them, and they are small', () => {
    for (const network of ['telegram', 'discord']) {
      const picture = `pictures/${network}-thread.png`;
      expect(readFileSync(`docs/${network}.md`, 'utf8')).toContain(`](${picture})`);
      expect(statSync(`docs/${picture}`).size).toBeLessThan(SIZE_MAX);
    }
  });
});

function toPlan(prompt: string) {
  if (prompt.includes(NEXT))
    return { tool: 'Bash', input: { command: COMMAND, description: 'Tag the release' }, answer: 'Tagged.' };
  const command = 'echo "14 commits since 1.3" > notes-1.4.md';
  return { tool: 'Bash', input: { command, description: 'Collect the commits' }, answer: ANSWER };
}
