import { afterEach, describe, expect, test } from '@jest/globals';
import { NO_THREADS, PERSON } from '../../helpers/telegram-server/telegram-bench.ts';
import { GROUP, TOKEN } from '../../helpers/telegram-server/telegram-server.ts';
import { until } from '../../helpers/until.ts';
import { type ListenRig, openListenRig } from './listen-rig.ts';

let rig: ListenRig;
afterEach(() => rig.close());

describe('a second poller', () => {
  test('is told in one line, and asked again until it is gone', async () => {
    let conflicts = 0;
    rig = await openListenRig({}, ({ server }) =>
      server.fail((method) => {
        if (method !== 'getUpdates' || conflicts === 2) return null;
        conflicts += 1;
        return { code: 409, description: 'Conflict: terminated by other getUpdates request' };
      }),
    );
    const { server } = rig;
    await until(() => conflicts === 1);
    await until(() => rig.transport.problems?.().some((problem) => /Another program polls/.test(problem)));
    server.say({ chat: GROUP, from: PERSON, text: 'hello' });
    await until(() => rig.texts().includes('hello'));
    expect(rig.log.of('telegram.second_poller')).toEqual([
      { error: 'Another program polls with this Telegram bot’s token: stop it, or give each its own bot' },
    ]);
    expect(rig.transport.problems?.()).toEqual([]);
  });

  test('is what two gateways with one token are to each other', async () => {
    rig = await openListenRig();
    await until(() => rig.server.offsets.length === 1);
    const { token, communities } = { token: TOKEN, communities: [] };
    const { createTelegram } = await import('../../../src/transports/telegram/telegram.ts');
    const options = { token, communities, apiRoot: rig.server.url, pauseAfterMs: 1, now: Date.now, log: rig.log };
    const other = createTelegram(options);
    const listening = other.listen(rig.chats, () => () => {}, NO_THREADS);
    await until(() => rig.log.of('telegram.second_poller').length === 1);
    await listening.close();
    other.close();
  });
});

test('a wrong token is told, and never written', async () => {
  rig = await openListenRig({}, ({ server }) => server.useToken('1:another'));
  await until(() => rig.log.of('telegram.token_refused').length === 1);
  expect(rig.transport.problems?.()[0]).toMatch(/^TELEGRAM_BOT_TOKEN is wrong/);
  expect(JSON.stringify(rig.log.of('telegram.token_refused'))).not.toContain(TOKEN.split(':')[1]);
});

test('a network that is not there is waited for', async () => {
  let isDown = true;
  rig = await openListenRig({}, ({ server }) => server.fail(() => (isDown ? 'reset' : null)));
  await until(() => rig.log.of('telegram.not_reached').length === 1);
  isDown = false;
  rig.server.say({ chat: GROUP, from: PERSON, text: 'hello' });
  await until(() => rig.texts().includes('hello'));
});

test('a server that repeats the address of the call does not bring the token into an error', async () => {
  rig = await openListenRig();
  rig.server.fail((method) =>
    method === 'sendMessage' ? { code: 400, description: `Bad Request: /bot${TOKEN}/sendMessage` } : null,
  );
  const outcome = await rig.deliver({ id: '1', to: `telegram:${GROUP}`, kind: 'test' });
  expect(outcome).toMatchObject({ kind: 'refused', error: expect.stringContaining('(the token)') });
  expect(JSON.stringify(outcome)).not.toContain(TOKEN.split(':')[1]);
});

describe('new tasks', () => {
  test('get a topic in the first chat, by their names', async () => {
    rig = await openListenRig();
    const factory = await until(() => rig.factories[0]);
    expect(factory).toMatchObject({ name: 'telegram', chat: String(GROUP) });
    const id = await factory.create('Sweep the\nfloor', AbortSignal.timeout(5_000));
    expect(rig.server.world.chats.get(GROUP)?.topics.get(Number(id))?.name).toBe('Sweep the floor');
    expect(rig.transport.problems?.()).toEqual([]);
  });

  test.each([
    ['without topics', { isForum: false, mayManageTopics: true }, /has no topics: turn Topics on/],
    ['without the right', { isForum: true, mayManageTopics: false }, /administrator that may manage topics/],
    ['without the bot', { isKicked: true }, /is not known to the bot: add it to the group/],
  ])('have no place in a group %s, which is said', async (_name, chat, problem) => {
    rig = await openListenRig({}, ({ server }) => void server.chat(GROUP, chat));
    await until(() => rig.log.of('telegram.no_topics').length === 1);
    expect(rig.transport.problems?.()).toEqual([expect.stringMatching(problem)]);
    expect(rig.factories).toEqual([]);
  });

  test('have no place without a chat that is allowed', async () => {
    rig = await openListenRig({ communities: [] });
    await until(() => rig.server.offsets.length === 1);
    expect(rig.transport.problems?.()).toEqual([expect.stringMatching(/^ALLOWED_CHATS names no/)]);
  });

  test('lose their place with the right, and have it again with it', async () => {
    rig = await openListenRig();
    await until(() => rig.factories.length === 1);
    const membership = { my_chat_member: { chat: { id: GROUP, type: 'supergroup' } } };
    rig.server.chat(GROUP, { isForum: true, mayManageTopics: false });
    rig.server.push(membership);
    await until(() => rig.factories.length === 0);
    rig.server.chat(GROUP, { isForum: true, mayManageTopics: true });
    rig.server.push(membership);
    await until(() => rig.factories.length === 1);
  });

  test('that Telegram refuses say what to change, and the place is lost', async () => {
    rig = await openListenRig();
    const factory = await until(() => rig.factories[0]);
    rig.server.chat(GROUP, { isForum: true, mayManageTopics: false });
    await expect(factory.create('Sweep', AbortSignal.timeout(5_000))).rejects.toMatchObject({
      code: 'no_task_channel',
      message: expect.stringMatching(/not enough rights to create a topic/),
    });
    expect(rig.factories).toEqual([]);
  });

  test.each([
    ['that is refused for itself is so alone', { code: 400, description: 'Bad Request: TOPIC_TITLE_INVALID' }],
    ['that Telegram fails on is refused alone', { code: 500, description: 'Internal' }],
  ])('%s: the next one gets its topic', async (_name, refusal) => {
    rig = await openListenRig();
    const factory = await until(() => rig.factories[0]);
    rig.server.fail(() => refusal);
    await expect(factory.create('Sweep', AbortSignal.timeout(5_000))).rejects.toMatchObject({
      code: 'no_task_channel',
      message: expect.stringContaining(refusal.description),
    });
    rig.server.fail(() => null);
    await expect(rig.factories[0]?.create('Sweep', AbortSignal.timeout(5_000))).resolves.toMatch(/^\d+$/);
  });

  test.each([
    ['by who asks for a topic', () => void rig.transport.lookAgain?.(AbortSignal.timeout(5_000))],
    ['by what is written in one', () => void rig.server.say({ chat: GROUP, from: PERSON, text: 'hello' })],
  ])('have a place once Topics are turned on, which is noticed %s', async (_name, notice) => {
    let at = 0;
    const closed = ({ server }: { readonly server: ListenRig['server'] }) =>
      void server.chat(GROUP, { isForum: false, mayManageTopics: true });
    rig = await openListenRig({ elapsed: () => (at += 10_000) }, closed);
    await until(() => rig.log.of('telegram.no_topics').length === 1);
    rig.server.chat(GROUP, { isForum: true, mayManageTopics: true });
    notice();
    await until(() => rig.factories.length === 1);
    expect(rig.transport.problems?.()).toEqual([]);
  });

  test('that come too fast say when there is another chance', async () => {
    rig = await openListenRig();
    const factory = await until(() => rig.factories[0]);
    rig.server.fail(() => ({ code: 429, description: 'Too Many Requests: retry after 7', retryAfter: 7 }));
    await expect(factory.create('Sweep', AbortSignal.timeout(5_000))).rejects.toMatchObject({
      retry: { afterMs: 7_000 },
    });
    rig.server.fail(() => null);
  });
});
