import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { GatewayError } from '../../../src/core/model/errors.ts';
import { anApproval, NO_THREADS, PERSON } from '../../helpers/telegram-server/telegram-bench.ts';
import { GROUP } from '../../helpers/telegram-server/telegram-server.ts';
import { until } from '../../helpers/until.ts';
import { type ListenRig, openListenRig } from './listen-rig.ts';

let rig: ListenRig;
let thread: number;
beforeEach(async () => {
  rig = await openListenRig();
  thread = rig.server.topic(GROUP, 'Sweeping');
});
afterEach(() => rig.close());

const say = (text: string, more: object = {}): number =>
  rig.server.say({ chat: GROUP, thread, from: PERSON, text, more });
const heard = (count: number) => until(() => rig.chats.heard.length >= count);

describe('what a person writes', () => {
  test('in a topic is told with its place', async () => {
    const id = say('sweep the floor');
    await heard(1);
    expect(rig.chats.heard).toEqual([
      [
        'said',
        {
          place: {
            transport: 'telegram',
            community: String(GROUP),
            chat: String(GROUP),
            threadId: String(thread),
            address: `telegram:${GROUP}:${thread}`,
            name: 'Sweeping',
          },
          messageId: String(id),
          speaker: { id: String(PERSON), name: `Person ${PERSON}`, isProgram: false },
          text: 'sweep the floor',
          files: [],
          isForwarded: false,
        },
      ],
    ]);
  });

  test.each([
    ['the General topic', GROUP, { threadId: '1', address: `telegram:${GROUP}`, name: 'A group' }],
    ['a private chat', PERSON, { threadId: String(PERSON), address: `telegram:${PERSON}`, name: 'Person' }],
  ])('in %s is told with a thread that is an address again', async (_name, chat, place) => {
    if (chat === PERSON) rig.server.chat(PERSON);
    rig.server.say({ chat, from: PERSON, text: 'hello' });
    await heard(1);
    expect(rig.chats.heard[0]?.[1].place).toMatchObject(place);
    const again = `telegram:${chat}:${place.threadId}`;
    expect(rig.transport.parseAddress(again, 'replyTo')).toBe(place.address);
  });

  test('is told in order, and answered in its thread', async () => {
    rig.chats.answer((text) => ({ text: `Queued: ${text}` }));
    const ids = ['one', 'two', 'three'].map((text) => say(text));
    await until(() => rig.server.messages(GROUP, thread).length === 3);
    expect(rig.texts()).toEqual(['one', 'two', 'three']);
    expect(rig.server.messages(GROUP, thread).map(({ text, answers }) => [text, answers])).toEqual([
      ['Queued: one', ids[0]],
      ['Queued: two', ids[1]],
      ['Queued: three', ids[2]],
    ]);
  });

  test('anew is told as a change', async () => {
    const id = say('one');
    rig.server.edit(id, { chat: GROUP, thread, from: PERSON, text: 'two' });
    await heard(2);
    expect(rig.chats.heard.map(([kind, told]) => [kind, 'text' in told ? told.text : null])).toEqual([
      ['said', 'one'],
      ['edited', 'two'],
    ]);
  });

  test('under a picture is what it says', async () => {
    say('', { text: undefined, caption: 'what is this?' });
    await heard(1);
    expect(rig.texts()).toEqual(['what is this?']);
  });

  test('without words, or to another bot, is nothing', async () => {
    say('', { text: undefined, sticker: {} });
    say('/status@other_bot');
    say('/status@Gatehouse_Bot');
    await heard(1);
    expect(rig.texts()).toEqual(['/status@Gatehouse_Bot']);
  });
});

test('bots and those who speak for a channel are programs, and what was handed on is forwarded', async () => {
  say('bot', { from: { id: 5, is_bot: true, first_name: 'Other' } });
  say('channel', { sender_chat: { id: -1_005, type: 'channel', title: 'News' } });
  say('forwarded', { forward_origin: { type: 'user', date: 1, sender_user: { id: 6 } } });
  say('inline', { via_bot: { id: 7, is_bot: true, first_name: 'Inline' } });
  await heard(4);
  const told = rig.chats.heard.flatMap(([kind, message]) => (kind === 'said' ? [message] : []));
  expect(told.map(({ speaker, isForwarded }) => [speaker.isProgram, isForwarded])).toEqual([
    [true, false],
    [true, false],
    [false, true],
    [false, true],
  ]);
});

test('a button is told with who pressed it, and answered', async () => {
  const event = { type: 'approval.opened', at: 1, data: {} } as const;
  const to = `telegram:${GROUP}:${thread}`;
  await rig.deliver({ id: '1', to, kind: 'approval', approval: anApproval(), event });
  const message = await rig.server.untilShown(GROUP, thread, /May it/);
  const press = rig.server.press(message, 'Allow', PERSON);
  await until(() => rig.server.world.pressAnswers.get(press) === 'Allowed.');
  expect(rig.chats.heard).toMatchObject([
    ['pressed', { data: 'a:apr-1', speaker: { id: String(PERSON) }, place: { address: to } }],
  ]);
});

test('a file that takes long holds up its topic, and no command, no press, and nothing elsewhere', async () => {
  const gate = Promise.withResolvers<null>();
  rig.chats.answer((text) => (text === 'slow' ? gate.promise : null));
  rig.server.sendFile({ chat: GROUP, thread, from: PERSON, name: 'film.mp4', content: 'x', caption: 'slow' });
  const from = { id: PERSON, is_bot: false, first_name: 'Ada' };
  say('behind');
  say('/status');
  rig.server.say({ chat: GROUP, thread: rig.server.topic(GROUP), from: PERSON, text: 'elsewhere' });
  await heard(2);
  const message = { message_id: 1, date: 1, chat: { id: GROUP, type: 'supergroup' }, text: 'x' };
  rig.server.push({ callback_query: { id: '1', from, message, chat_instance: '1', data: 'a:apr-1' } });
  await heard(3);
  expect(rig.texts().toSorted()).toEqual(['/status', 'a:apr-1', 'elsewhere']);
  expect(rig.server.world.updates.length).toBe(5);
  gate.resolve(null);
  await heard(5);
  expect(rig.texts().slice(3)).toEqual(['slow', 'behind']);
  await until(() => rig.server.world.updates.length === 0);
});

describe('an update', () => {
  test('is confirmed only after it was handled', async () => {
    const gate = Promise.withResolvers<null>();
    let isAsked = false;
    rig.chats.answer(() => {
      isAsked = true;
      return gate.promise;
    });
    say('one');
    await until(() => isAsked);
    expect(rig.server.offsets).toEqual([null]);
    gate.resolve(null);
    await until(() => rig.server.offsets.length === 2);
    expect(rig.server.offsets).toEqual([null, 1_002]);
  });

  test('that the disk refuses is tried again, and what comes behind it in the chat waits', async () => {
    let tries = 0;
    rig.chats.answer(() => {
      tries += 1;
      if (tries < 3) throw new GatewayError('storage_unavailable', 'full');
      return null;
    });
    say('one');
    say('two');
    await heard(2);
    expect(rig.texts()).toEqual(['one', 'two']);
    expect(rig.log.of('telegram.update_waits')).toHaveLength(1);
  });

  test('that came while nobody asked is told after the start, and one that was handled does not come again', async () => {
    say('before');
    await heard(1);
    await rig.stop();
    expect(rig.server.world.updates).toEqual([]);
    say('meanwhile');
    const texts: string[] = [];
    const next = rig.telegram.listen(
      {
        ...rig.chats,
        async said({ text }) {
          texts.push(text);
          return null;
        },
      },
      () => () => {},
      NO_THREADS,
    );
    await until(() => texts.length === 1);
    await next.close();
    expect(texts).toEqual(['meanwhile']);
  });

  test('that was not handled before the stop comes again', async () => {
    rig.chats.answer(() => {
      throw new GatewayError('storage_unavailable', 'full');
    });
    say('one');
    await until(() => rig.log.of('telegram.update_waits').length === 1);
    await rig.stop();
    expect(rig.server.world.updates).toHaveLength(1);
  });
});

test('a flood of messages is heard, and not each is answered', async () => {
  rig.chats.answer(() => ({ text: 'Queued' }));
  for (let at = 0; at < 100; at += 1) say(`message ${at}`);
  await heard(100);
  expect(rig.texts()).toEqual(Array.from({ length: 100 }, (_, at) => `message ${at}`));
  expect(rig.server.messages(GROUP, thread).length).toBeLessThan(100);
});

test('the commands are in the menu of the network', async () => {
  await until(() => rig.server.world.commands.length > 0);
  expect(rig.server.world.commands.map(({ command }) => command)).toEqual([
    'status',
    'cancel',
    'new',
    'sessions',
    'approvals',
    'help',
  ]);
});
