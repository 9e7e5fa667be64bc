import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { clock } from '../../src/compose/clock.ts';
import { hasEnded } from '../../src/core/model/request.ts';
import type { TurnEnd, TurnObserver } from '../../src/core/ports/agent.ts';
import { createTelegram } from '../../src/transports/telegram/telegram.ts';
import { createKeptLog } from '../helpers/kept-log.ts';
import {
  type Called,
  GROUP,
  openTelegramServer,
  type TelegramServer,
  TOKEN,
} from '../helpers/telegram-server/telegram-server.ts';
import { until } from '../helpers/until.ts';
import { type House, openHouse } from '../unit/core/flows/house.ts';

const TOPICS = 20;
/** A chat that Telegram silences for long, and one beside it. */
const SILENCED = 41;
const BESIDE = 42;
const RETRY_AFTER_S = 5_827;

const FOR_MS = 70_000;
/** Tasks are from the first to this one more after each, so that their ends come one by one. */
const TURN_MIN_MS = 20_000;
const TURN_STEP_MS = 3_000;
const TOOL_EVERY_MS = 400;
/** Of so many topics one has tasks that others gave it, whose prompts are shown. */
const GIVEN_EVERY = 4;
const ASKED_AT_MS: readonly number[] = [15_000, 28_000, 41_000, 54_000];
const VISIBLE_WITHIN_MS = 3_000;
const ANSWER_EVERY_MS = 5_000;
const ANSWERED_WITHIN_MS = 5_000;
const MINUTE_MS = 60_000;
const PER_MINUTE = 20;

/** The paces that Telegram asks for, as they are without any setting, and a server that takes no more than they say. */
describe(`${FOR_MS / 1_000} s in ${TOPICS} topics of one group, whose tasks all run`, () => {
  let server: TelegramServer;
  let telegram: ReturnType<typeof createTelegram>;
  let house: House;
  let beganAt: number;
  const waits: number[] = [];
  const answered: number[] = [];
  const over = new AbortController();

  const toGroup = (): readonly Called[] => server.calls.filter(({ args }) => String(args['chat_id']) === String(GROUP));
  const isPast = (ms: number): boolean => performance.now() - beganAt >= ms;

  beforeAll(async () => {
    server = await openTelegramServer();
    server.chat(GROUP, { isForum: true, mayManageTopics: true });
    for (const chat of [SILENCED, BESIDE]) server.chat(chat);
    server.keepPaces();
    const silence = { code: 429, description: 'Too Many Requests', retryAfter: RETRY_AFTER_S };
    server.fail((_, args) => (String(args['chat_id']) === String(SILENCED) ? silence : null));
    const communities = [GROUP, SILENCED, BESIDE].map(String);
    const more = { pauseAfterMs: 259_200_000, now: clock.now, log: createKeptLog() };
    telegram = createTelegram({ token: TOKEN, apiRoot: server.url, communities, ...more });
    house = await openHouse({
      passing: clock,
      runTurn: (prompt, observer, signal) => work(prompt, observer, AbortSignal.any([signal, over.signal])),
      transports: new Map([['telegram', telegram.transport]]),
      settings: { maxLiveSessions: 2 * TOPICS, maxRunningTurns: 2 * TOPICS, queueMax: 10_000 },
    });
    await house.start();
    beganAt = performance.now();
    const topics = Array.from({ length: TOPICS }, () => server.topic(GROUP));
    await Promise.all([
      delay(FOR_MS),
      ...topics.map((topic, at) => keepBusy(topic, at)),
      ...ASKED_AT_MS.map((at, index) => ask(topics[index * 5] ?? 0, at)),
      ...[SILENCED, BESIDE].map((chat) => answerAgainAndAgain(chat)),
    ]);
    tellFigures();
  }, FOR_MS + 60_000);

  afterAll(async () => {
    over.abort();
    await house[Symbol.asyncDispose]();
    telegram.close();
    await server.close();
  });

  /** One task after the other, each of which has its progress and an answer. */
  async function keepBusy(topic: number, at: number): Promise<void> {
    const source = at % GIVEN_EVERY === 0 ? 'http' : 'telegram';
    const turnMs = TURN_MIN_MS + at * TURN_STEP_MS;
    while (!isPast(FOR_MS - TURN_MIN_MS)) {
      const more = { replyTo: `telegram:${GROUP}:${topic}`, source } as const;
      const id = await house.ask(`t${topic}`, `task ${turnMs}`, more);
      await until(
        async () => hasEnded((await house.store.readRequest(id))?.state ?? 'queued') || isPast(FOR_MS),
        FOR_MS,
      );
    }
  }

  /** A task of another workspace that asks in the same topic; how long nobody sees it. */
  async function ask(topic: number, at: number): Promise<void> {
    await delay(at);
    const askedAt = performance.now();
    await house.ask(`asking-${topic}`, 'ask', { replyTo: `telegram:${GROUP}:${topic}` });
    const isSeen = (): boolean => server.messages(GROUP, topic).some(({ buttons }) => buttons.length > 0);
    await until(() => isSeen() || isPast(FOR_MS), FOR_MS);
    waits.push(isSeen() ? performance.now() - askedAt : Infinity);
  }

  async function answerAgainAndAgain(chat: number): Promise<void> {
    for (let time = 0; !isPast(FOR_MS - ANSWERED_WITHIN_MS - ANSWER_EVERY_MS); time += 1) {
      const answer = `answer ${time} to ${chat}`;
      const endedAt = performance.now();
      await house.ended(await house.ask(`chat-${chat}`, answer, { replyTo: `telegram:${chat}` }));
      if (chat === SILENCED) {
        await delay(ANSWER_EVERY_MS);
        continue;
      }
      await until(() => server.messages(chat).some(({ text }) => text === answer), FOR_MS);
      answered.push(performance.now() - endedAt);
      await delay(Math.max(0, ANSWER_EVERY_MS - (performance.now() - endedAt)));
    }
  }

  function tellFigures(): void {
    const seconds = (all: readonly number[]): string => all.map((ms) => (ms / 1_000).toFixed(1)).join(', ');
    process.stdout.write(
      [
        '',
        `messages and edits in the group     ${toGroup().length}, at most ${most()} in a minute, limit ${PER_MINUTE}`,
        `from a question to its buttons      ${seconds(waits)} s, limit ${VISIBLE_WITHIN_MS / 1_000} s`,
        `answers beside the silenced chat    ${seconds(answered)} s`,
        '',
      ].join('\n'),
    );
  }

  /** In any minute. */
  const most = (): number =>
    Math.max(
      ...toGroup().map(({ at }) => toGroup().filter((other) => other.at >= at && other.at < at + MINUTE_MS).length),
    );

  test('no call is answered with 429 but those to the silenced chat', () => {
    const refused = server.calls.filter(({ answer }) => answer !== 200);
    expect(refused.filter(({ args }) => String(args['chat_id']) !== String(SILENCED))).toEqual([]);
    expect(most()).toBeLessThanOrEqual(PER_MINUTE);
  });

  test('what the group may have is used up', () => {
    expect(most()).toBeGreaterThan(PER_MINUTE - 3);
  });

  test('prompts, progress and answers are told', () => {
    const texts = server.messages(GROUP).flatMap(({ versions }) => versions);
    for (const what of [/^Task from/, /^🔧 Bash/, /^done: task/])
      expect(texts.join('\n')).toMatch(new RegExp(what, 'm'));
  });

  test('no topic is silent while others have much to say', () => {
    const told = new Set(server.messages(GROUP).map(({ thread }) => thread));
    expect(told.size).toBeGreaterThan(TOPICS / 2);
  });

  test(`each approval is visible within ${VISIBLE_WITHIN_MS / 1_000} s`, () => {
    expect(waits).toHaveLength(ASKED_AT_MS.length);
    expect(waits.filter((ms) => ms > VISIBLE_WITHIN_MS)).toEqual([]);
  });

  test('a chat that is silenced for long is asked once, and silences nobody else', () => {
    expect(server.calls.filter(({ args }) => String(args['chat_id']) === String(SILENCED))).toHaveLength(1);
    expect(answered.length).toBeGreaterThan(5);
    expect(answered.filter((ms) => ms > ANSWERED_WITHIN_MS)).toEqual([]);
  });
});

async function work(prompt: string, observer: TurnObserver, signal: AbortSignal): Promise<TurnEnd> {
  await observer.prepared(100);
  await observer.submitting();
  await observer.working({ text: prompt, altered: [] });
  if (prompt === 'ask') {
    const input = { command: 'make' };
    const never = new Promise<never>(() => {});
    await observer.asked({ kind: 'tool', toolUseId: 'use', subagent: null, tool: 'Bash', input, rules: [] }, never);
  }
  const endAt = performance.now() + Number(/^task (\d+)$/.exec(prompt)?.[1] ?? 0);
  for (let tool = 1; performance.now() < endAt && !signal.aborted; tool += 1) {
    observer.noticed({ type: 'tool.started', data: { tool: 'Bash', summary: `make part-${tool}` } });
    await delay(TOOL_EVERY_MS, undefined, { signal }).catch(() => {});
  }
  const text = prompt.startsWith('answer') ? prompt : `done: ${prompt}`;
  return { kind: 'completed', text, usage: null };
}
