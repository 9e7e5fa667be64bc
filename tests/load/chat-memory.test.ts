import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openChatNetworks, type ChatNetworks } from '../helpers/chat-people.ts';
import { openGatewayHouse } from '../helpers/gateway-house.ts';
import { installScriptedAgent, type InstalledAgent } from '../helpers/scripted-agent/install.ts';
import { until } from '../helpers/until.ts';

const STARTS = 3;
/** MB of 1,000,000 bytes. */
const MORE_MAX_MB = 60;
/** It rests when so many looks, one behind the other, find no more than this between them. */
const LOOKS = 8;
const RESTS_WITHIN_MB = 1;
const CHAT = /\/src\/transports\/(telegram|discord|markdown)\/|\/node_modules\/(telegraf|discord\.js|@discordjs|mdast)/;
const CONNECTED = ['telegram.connected', 'discord.tasks_channel'];

/** The whole of it compiled is measured by `npm run bench -- idle`. */
describe('an idle gateway', () => {
  let folder: string;
  let agent: InstalledAgent;
  let networks: ChatNetworks;
  let both: Readonly<Record<string, string>>;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'gatehouse-load-'));
    agent = await installScriptedAgent(folder);
    networks = await openChatNetworks();
    both = { ...networks.env, LOG_LEVEL: 'info' };
  });
  afterAll(async () => {
    await networks[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });

  /** All that a gateway loads, until it has logged these events. */
  async function readLoaded(settings: Readonly<Record<string, string>>, events: readonly string[]): Promise<string> {
    const file = path.join(folder, `loaded-${events.length}`);
    const hook = ['--import', './tests/load/loaded.ts', 'src/main.ts', 'serve'];
    const house = await openGatewayHouse({ agent, env: { ...settings, LOADED_FILE: file } });
    try {
      await house.start(hook).ready();
      await until(() => events.every((event) => house.log().includes(`"${event}"`)));
      return await readFile(file, 'utf8');
    } finally {
      await house.close();
    }
  }

  test('loads nothing of chats without their tokens, so it is as small as it would be without them', async () => {
    const loaded = (await readLoaded({}, [])).split('\n');
    expect(loaded.length).toBeGreaterThan(100);
    expect(loaded.filter((url) => CHAT.test(url))).toEqual([]);
    // The rule knows them when they are there.
    expect(await readLoaded(both, CONNECTED)).toMatch(CHAT);
  });

  /** RSS once it is there and rests, after it has logged these events. */
  async function measure(settings: Readonly<Record<string, string>>, events: readonly string[]): Promise<number> {
    const house = await openGatewayHouse({ agent, env: settings });
    try {
      const gateway = house.start();
      await gateway.ready();
      await until(() => events.every((event) => house.log().includes(`"${event}"`)));
      const looks: number[] = [];
      return await until(async () => {
        looks.push(await readRss(gateway.pid));
        const last = looks.slice(-LOOKS);
        return last.length === LOOKS && Math.max(...last) - Math.min(...last) <= RESTS_WITHIN_MB && Math.max(...last);
      });
    } finally {
      await house.close();
    }
  }

  test(`takes at most ${MORE_MAX_MB} MB more with Telegram and Discord`, async () => {
    // By turns, so that what else the machine does falls on both.
    const alone: number[] = [];
    const withChats: number[] = [];
    for (let start = 0; start < STARTS; start += 1) {
      alone.push(await measure({}, []));
      withChats.push(await measure(both, CONNECTED));
    }
    const [without, more] = [median(alone), median(withChats) - median(alone)];
    process.stdout.write(
      `\nidle: ${without.toFixed(0)} MB from sources, ${more.toFixed(0)} MB more with Telegram and Discord, limit ${MORE_MAX_MB} MB\n`,
    );
    expect(more).toBeLessThan(MORE_MAX_MB);
  }, 240_000);
});

async function readRss(pid: number): Promise<number> {
  const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8');
  return (Number(/^Rss:\s+(\d+) kB$/m.exec(rollup)?.[1]) * 1_024) / 1e6;
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
}
