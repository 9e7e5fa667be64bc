import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { CHAT_TRANSPORTS, type ChatTransport } from '../../src/core/model/chat.ts';
import { createDice, type Dice } from '../helpers/dice.ts';
import { openDiscordServer, type Behaviour, type DiscordServer } from '../helpers/discord-server/server.ts';
import { openGatewayHouse } from '../helpers/gateway-house.ts';
import { installScriptedAgent } from '../helpers/scripted-agent/install.ts';
import {
  openTelegramServer,
  type Called,
  type Fault,
  type TelegramServer,
  TOKEN,
} from '../helpers/telegram-server/telegram-server.ts';
import type { ServerMessage } from '../helpers/telegram-server/world.ts';
import { until } from '../helpers/until.ts';
import { type ChatAnswer, toMessages, toPrompt } from './chat-answers.ts';
import { countUnended, type Job, killAtRandom, submitAll } from './work-and-kills.ts';

/** In each network. */
const ANSWERS = Number(process.env['CRASH_ANSWERS'] ?? 200);
const PARTS_MAX = 9;
const SEED = Number(process.env['CRASH_FIRST_SEED'] ?? 1);
/** A tenth of the answers of Telegram goes to the topics of groups, each of which takes a message in three seconds. */
const GROUPS = 8;
const PEOPLE = 46;
const THREADS = 50;
const KILLS = Math.ceil(ANSWERS / 8);
/** From one start to its kill: from before it is ready to after it has sent many. */
const LIFE_MS = [900, 4_000] as const;
const LINGER_MAX_MS = 300;
/** Between a server's answer and the note of it on disk. */
const NOTED_WITHIN_MS = 1_000;
const WITHIN_MS = 300_000;
const AGAIN = '(again) ';

/** Of a hundred calls so many go wrong, and of those so many before the message is taken. */
const FAULTY = 6;
const TELEGRAM_FAULTS: readonly Fault[] = [
  { code: 429, description: 'Too Many Requests: retry after 1', retryAfter: 1 },
  { code: 500, description: 'Internal Server Error' },
  { code: 500, description: 'Internal Server Error', isTaken: true },
  { status: 502, isTaken: true },
  'reset',
  'reset_after',
  'reset_after',
  'silent_after',
];
const DISCORD_FAULTS: readonly Behaviour[] = [
  { status: 429, retryAfter: 1 },
  { status: 500 },
  { status: 500, isTaken: true },
  { status: 502, isTaken: true },
  'lost',
  'lost',
  'forgotten',
];

/** Where answers go, and what was said there. */
interface Place {
  readonly network: ChatTransport;
  readonly address: string;
  readonly answers: readonly ChatAnswer[];
}

interface World {
  readonly telegram: TelegramServer;
  readonly discord: DiscordServer;
  readonly places: readonly Place[];
}

test(
  `${ANSWERS} answers of 1 to ${PARTS_MAX} messages in each network arrive whole and in order through kills with -9 and faults (CRASH_FIRST_SEED=${SEED})`,
  async () => {
    const dice = createDice(SEED);
    const folder = await mkdtemp(path.join(os.tmpdir(), 'gatehouse-crash-'));
    const agent = await installScriptedAgent(folder, []);
    const world = await openWorld(dice);
    const house = await openGatewayHouse({ agent, env: toEnvironment(world) });
    try {
      const gateway = { count: KILLS, dice, lifeMs: LIFE_MS, argv: ['tests/crash/answering-gateway.ts'] };
      const [kills] = await Promise.all([killAtRandom(house, gateway), submitAll(house, toJobs(world.places))]);
      await until(() => countUnended(house) === 0, WITHIN_MS);
      expect(world.places.flatMap((place) => findBroken(world, place, kills))).toEqual([]);
      expect(house.log()).not.toMatch(/delivery\.(broke|refused|given_up)/);
      tellFigures(world, kills);
    } finally {
      await house.close();
      await Promise.all([world.telegram.close(), world.discord.close()]);
      await rm(folder, { recursive: true });
    }
  },
  WITHIN_MS * 2,
);

async function openWorld(dice: Dice): Promise<World> {
  const telegram = await openTelegramServer();
  const discord = await openDiscordServer();
  const isHit = (): boolean => dice(100) < FAULTY;
  telegram.fail((method) => (/^send|^edit/.test(method) && isHit() ? pick(TELEGRAM_FAULTS, dice) : null));
  telegram.linger((method) => (/^send|^edit/.test(method) ? dice(LINGER_MAX_MS) : 0));
  discord.behave(({ path: of }) => (of.includes('/messages') && isHit() ? pick(DISCORD_FAULTS, dice) : 'take'));
  discord.linger(() => dice(LINGER_MAX_MS));
  const groups = Array.from({ length: GROUPS }, (_, at) => openTopic(telegram, -1_001_000_000_000 - at));
  const people = Array.from({ length: PEOPLE }, (_, at) => `telegram:${telegram.chat(1_001 + at).id}`);
  const threads = Array.from({ length: THREADS }, (_, at) => openThread(discord, `thread ${at}`));
  const addresses = { telegram: { groups, all: people }, discord: { groups: [], all: threads } };
  const answers = CHAT_TRANSPORTS.flatMap((network) =>
    Array.from({ length: ANSWERS }, (_, number) => ({ network, number, parts: 1 + dice(PARTS_MAX) })),
  );
  const places = [...Map.groupBy(answers, ({ network, number }) => addressOf(addresses[network], number))];
  return {
    telegram,
    discord,
    places: places.map(([address, all]) => ({ network: all[0]?.network ?? 'telegram', address, answers: all })),
  };
}

function openTopic(telegram: TelegramServer, group: number): string {
  telegram.chat(group, { isForum: true, mayManageTopics: true });
  return `telegram:${group}:${telegram.topic(group)}`;
}

function openThread({ world, tasks }: DiscordServer, name: string): string {
  const thread = world.addChannel({ name, type: 11, parent_id: tasks.id, owner_id: world.bot.id });
  return `discord:${thread.id}`;
}

function addressOf({ groups, all }: { groups: readonly string[]; all: readonly string[] }, number: number): string {
  const isOfGroup = groups.length > 0 && number % 10 === 0;
  const from = isOfGroup ? groups : all;
  return from[(isOfGroup ? number / 10 : number) % from.length] ?? '';
}

function pick<T>(from: readonly T[], dice: Dice): T {
  return from[dice(from.length)] as T;
}

/** Without credentials each request ends at once, and no agent takes part. */
function toEnvironment({ telegram, discord, places }: World): Readonly<Record<string, string>> {
  const chats = places.flatMap(({ address }) => /^telegram:(-?\d+)/.exec(address)?.[1] ?? []);
  return {
    ANTHROPIC_API_KEY: '',
    QUEUE_MAX: '10000',
    LOG_LEVEL: 'info',
    TELEGRAM_BOT_TOKEN: TOKEN,
    TELEGRAM_API_ROOT: telegram.url,
    ALLOWED_CHATS: [...new Set(chats)].join(),
    DISCORD_BOT_TOKEN: discord.token,
    DISCORD_API_ROOT: discord.apiRoot,
    DISCORD_ALLOWED_GUILDS: discord.world.guildId,
  };
}

/** Answers of all places take turns. */
function toJobs(places: readonly Place[]): readonly Job[] {
  const all = places.flatMap(({ address, answers }, at) =>
    answers.map((answer) => ({ answer, json: { workspace: `w${at}`, command: toPrompt(answer), replyTo: address } })),
  );
  return all
    .toSorted((one, other) => one.answer.number - other.answer.number)
    .map(({ json }) => ({ key: json.command.replaceAll(' ', '-'), json }));
}

/** What does not hold for one place, in words. */
function findBroken(world: World, place: Place, kills: readonly number[]): readonly string[] {
  const broken: string[] = [];
  const say = (what: string): void => void broken.push(`${place.address}: ${what}`);
  const shown = readTexts(world, place);
  const plain = shown.map(({ text }) => withoutMark(text));
  const isCopy = (at: number): boolean => at > 0 && plain[at] === plain[at - 1];

  const owed = place.answers.flatMap(toMessages);
  const parts = plain.filter((text, at) => text.endsWith('xxx') && !isCopy(at));
  if (parts.join() !== owed.join()) say(`${parts.length} of ${owed.length} parts arrived, or not in order`);
  const prompts = plain.filter((text, at) => text.includes('answer ') && !isCopy(at));
  const asked = place.answers.filter((answer, at) => prompts[at]?.endsWith(toPrompt(answer)));
  if (asked.length !== prompts.length || prompts.length !== place.answers.length) say('prompts are missing or twice');

  for (const [at, { text, first }] of shown.entries()) {
    if (!isCopy(at)) continue;
    const what = `a second copy of ${withoutMark(text).slice(0, 20)}`;
    if (place.network === 'discord') say(what);
    else if (!text.startsWith(AGAIN)) say(`${what} without a mark`);
    else if (!isHidden(shown[at - 1]?.first, kills)) say(`${what}, though the first one was told`);
    else if (first === undefined) say(`${what} that nobody sent`);
  }
  return broken;
}

interface Shown {
  readonly text: string;
  /** The call that it came with, on Telegram. */
  readonly first?: Called | undefined;
}

/** All but what tells of progress, oldest first. */
function readTexts({ telegram, discord }: World, { network, address }: Place): readonly Shown[] {
  const [, chat = '', topic] = address.split(':');
  const isTold = ({ text }: Shown): boolean => /xxx$|answer \w+ \d+ in \d$/.test(text);
  if (network === 'discord')
    return discord
      .messages(chat)
      .map(({ content }) => ({ text: content.trim() }))
      .filter(isTold);
  const messages = telegram.messages(Number(chat), topic === undefined ? null : Number(topic));
  return messages.map((message) => ({ text: message.text.trim(), first: callOf(telegram, message) })).filter(isTold);
}

function callOf({ calls }: TelegramServer, { id }: ServerMessage): Called | undefined {
  return calls.find(({ method, messageId }) => method.startsWith('send') && messageId === id);
}

function withoutMark(text: string): string {
  return text.startsWith(AGAIN) ? text.slice(AGAIN.length) : text;
}

/** Whether nobody can have known that it was taken. */
function isHidden(call: Called | undefined, kills: readonly number[]): boolean {
  if (call === undefined || call.answer !== 200) return true;
  return kills.some((at) => at >= call.at && at <= call.at + LINGER_MAX_MS + NOTED_WITHIN_MS);
}

function tellFigures(world: World, kills: readonly number[]): void {
  const of = (network: ChatTransport): readonly Place[] => world.places.filter((place) => place.network === network);
  const owed = (network: ChatTransport): number =>
    of(network).flatMap(({ answers }) => answers.flatMap(toMessages)).length;
  const shown = of('telegram').flatMap((place) => readTexts(world, place));
  const marked = shown.filter(({ text }) => text.startsWith(AGAIN)).length;
  const copies = shown.filter(({ text }, at) => withoutMark(text) === withoutMark(shown[at - 1]?.text ?? '')).length;
  process.stdout.write(
    `chats: through ${kills.length} kills, ${owed('telegram')} parts of ${ANSWERS} answers to Telegram (${copies} twice, ` +
      `${marked} marked), ${owed('discord')} parts of ${ANSWERS} answers to Discord (none twice)\n`,
  );
}
