import { describe, expect, test } from '@jest/globals';
import type { ChatPlace, Speaker } from '../../../../../src/core/model/chat.ts';
import type { ChatMessage } from '../../../../../src/core/ports/gateway/chats.ts';
import { createMemoryTransport } from '../../../../helpers/memory-transport.ts';
import { createAskingAgent } from '../../../../helpers/asking-agent.ts';
import { ALLOW, ask } from '../approvals/approvals-house.ts';
import { openHouse, type House, type HouseOptions } from '../house.ts';

const ADA: Speaker = { id: '1', name: 'Ada', isProgram: false };
const ACCESS = { communities: ['-100'], users: ['1', '2'], approvers: ['1'] };

const placeAt = (threadId: string, chat = '-100'): ChatPlace => ({
  transport: 'telegram',
  chat,
  community: chat,
  threadId,
  address: `telegram:${chat}:${threadId}`,
  name: 'a topic',
});

const aMessage = (text: string, more: Partial<ChatMessage> = {}): ChatMessage => ({
  place: placeAt('7'),
  messageId: '1',
  speaker: ADA,
  text,
  files: [],
  isForwarded: false,
  ...more,
});

function openChat(options: HouseOptions = {}): Promise<House> {
  return openHouse({
    transports: new Map([['telegram', createMemoryTransport({}, 'telegram')]]),
    ...options,
    settings: { chats: new Map([['telegram', { ...ACCESS, communities: ['-100', '-200'] }]]), ...options.settings },
  });
}

const requests = ({ api }: House) => api.requests.list({}, null, 100);

describe('a message in a thread', () => {
  test('is a request in the thread’s own workspace, which is told how it gets on', async () => {
    await using house = await openChat();
    expect(await house.api.chats.said(aMessage('hello'))).toBeNull();
    expect(await requests(house)).toMatchObject([
      { workspace: 'telegram-7', source: 'telegram', priority: 'interactive' },
    ]);
    const [delivery] = await house.store.listDeliveries({}, null, 1);
    expect(delivery).toMatchObject({ to: 'telegram:-100:7', kind: 'progress' });
  });

  test('that comes again is the same request', async () => {
    await using house = await openChat();
    await house.api.chats.said(aMessage('hello'));
    expect(await house.api.chats.said(aMessage('hello'))).toBeNull();
    expect(await requests(house)).toHaveLength(1);
  });

  test('behind others is told its place', async () => {
    await using house = await openChat();
    await house.api.chats.said(aMessage('one'));
    expect(await house.api.chats.said(aMessage('two', { messageId: '2' }))).toEqual({ text: 'Queued: place 2.' });
  });

  test('while the gateway stops is left to come again', async () => {
    await using house = await openChat();
    await house.drain();
    await expect(house.api.chats.said(aMessage('hello'))).rejects.toMatchObject({ code: 'draining' });
  });

  test('of an equal thread of another chat has a workspace of its own', async () => {
    await using house = await openChat();
    await house.api.chats.said(aMessage('one'));
    await house.api.chats.said(aMessage('two', { place: placeAt('7', '-200') }));
    expect((await requests(house)).map(({ workspace }) => workspace)).toEqual(['telegram-200-7', 'telegram-7']);
  });

  test.each([
    ['of a stranger', { speaker: { ...ADA, id: '9' } }],
    ['of a program', { speaker: { ...ADA, isProgram: true } }],
    ['in another chat', { place: placeAt('7', '-300') }],
    ['that was forwarded', { isForwarded: true }],
  ])('%s starts nothing and is not answered', async (_name, more) => {
    await using house = await openChat();
    for (let at = 0; at < 100; at += 1) {
      expect(await house.api.chats.said(aMessage('hello', { messageId: String(at), ...more }))).toBeNull();
    }
    expect(await requests(house)).toEqual([]);
    expect(house.logged.filter((event) => event === 'chat.stranger').length).toBeLessThanOrEqual(1);
  });

  test('that is wrong is answered, not lost', async () => {
    await using house = await openChat();
    expect(await house.api.chats.said(aMessage('   '))).toBeNull();
    expect(await owedWords(house)).toEqual([expect.stringContaining('empty')]);
  });

  test('that is changed while it waits keeps its place, and nothing else is told of it', async () => {
    await using house = await openChat();
    for (const messageId of ['1', '2']) await house.api.chats.said(aMessage(messageId, { messageId }));
    const [, first] = await requests(house);
    for (const text of ['uno', 'due']) {
      expect(await house.api.chats.edited(aMessage(text))).toEqual({ text: expect.stringContaining('Changed') });
    }
    expect(await house.api.chats.edited(aMessage('due'))).toBeNull();
    expect((await requests(house)).map(({ state }) => state)).toEqual(['queued', 'queued']);
    const { request, position } = await house.api.requests.read(first?.id ?? '');
    expect([request.prompt, position]).toEqual(['due', 1]);
    const kinds = (await house.store.listDeliveries({}, null, 9)).map(({ kind }) => kind);
    expect(kinds).toEqual(['progress', 'progress']);
  });

  test('that is changed stays in the workspace in which it waits', async () => {
    await using house = await openChat();
    await house.api.chats.said(aMessage('one'));
    await house.api.chats.said(aMessage('/new other', { messageId: '2' }));
    await house.api.chats.edited(aMessage('uno'));
    const [only, ...others] = await requests(house);
    expect([only?.workspace, others]).toEqual(['telegram-7', []]);
    expect((await house.api.requests.read(only?.id ?? '')).request.prompt).toBe('uno');
  });

  test('that is changed into a command waits as it was, which is said', async () => {
    await using house = await openChat();
    await house.api.chats.said(aMessage('one'));
    expect(await house.api.chats.edited(aMessage('/cancel'))).toEqual({ text: expect.stringContaining('command') });
    const [only] = await requests(house);
    expect((await house.api.requests.read(only?.id ?? '')).request).toMatchObject({ prompt: 'one', state: 'queued' });
  });

  test('that is taken back while it waits is cancelled', async () => {
    await using house = await openChat();
    await house.api.chats.said(aMessage('one'));
    await house.api.chats.deleted(placeAt('7'), '1');
    expect((await requests(house))[0]?.state).toBe('cancelled');
  });

  test('that was refused once is not done when the network tells of it again', async () => {
    await using house = await openChat({ settings: { queueMax: 1 } });
    await house.api.chats.said(aMessage('one'));
    expect(await house.api.chats.said(aMessage('two', { messageId: '2' }))).toBeNull();
    expect(await owedWords(house)).toEqual([expect.stringContaining('full')]);
    expect(await house.api.chats.said(aMessage('three', { messageId: '3', speaker: { ...ADA, id: '9' } }))).toBeNull();
    await house.api.chats.deleted(placeAt('7'), '1');
    for (const messageId of ['2', '3']) expect(await house.api.chats.said(aMessage('x', { messageId }))).toBeNull();
    expect(await requests(house)).toHaveLength(1);
  });
});

/** What is owed to people whose messages were refused. */
async function owedWords({ store }: House): Promise<readonly unknown[]> {
  return (await store.listDeliveries({ kind: 'notice' }, null, 9)).map(({ event }) => event.data['text']);
}

describe('a command', () => {
  const say = (house: House, text: string) =>
    house.api.chats.said(aMessage(text, { messageId: `command ${text}` })).then((reply) => reply?.text ?? '');

  test('says what runs and waits, and cancels it', async () => {
    await using house = await openChat();
    expect(await say(house, '/status')).toContain('nothing runs or waits');
    await house.api.chats.said(aMessage('one'));
    expect(await say(house, '/status@our_bot')).toMatch(/telegram-7[\s\S]*queued: “one”/);
    expect(await say(house, '/cancel')).toBe('Cancelled what waited: “one”');
    expect(await say(house, '/cancel@our_bot')).toBe('Nothing that this thread asked for runs or waits.');
  });

  test('is of this thread: also where it runs elsewhere, and of no other that speaks to its workspace', async () => {
    await using house = await openChat();
    await house.ask('elsewhere', 'of somebody else');
    await house.api.chats.said(aMessage('/new elsewhere', { place: placeAt('7'), messageId: '2' }));
    await house.api.chats.said(aMessage('of another', { place: placeAt('8'), messageId: '3' }));
    expect(await say(house, '/cancel')).toContain('Nothing');
    await house.api.chats.said(aMessage('one', { messageId: '4' }));
    await house.api.chats.said(aMessage('/new third', { messageId: '5' }));
    expect(await say(house, '/status')).toMatch(/third[\s\S]*in elsewhere: queued: “one”/);
    expect(await say(house, '/cancel@our_bot')).toBe('Cancelled what waited: “one”');
    expect((await requests(house)).map(({ state }) => state)).toEqual(['cancelled', 'queued', 'queued']);
  });

  test('is done once, however often the network tells of it', async () => {
    await using house = await openChat();
    for (const messageId of ['1', '2']) await house.api.chats.said(aMessage(messageId, { messageId }));
    const cancel = aMessage('/cancel', { messageId: '3' });
    expect(await house.api.chats.said(cancel)).toEqual({ text: 'Cancelled what waited: “2”' });
    expect(await house.api.chats.said(cancel)).toBeNull();
    expect((await requests(house)).map(({ state }) => state)).toEqual(['cancelled', 'queued']);
  });

  test('with a file is refused in words', async () => {
    await using house = await openChat();
    const file = { name: 'a.txt', bytes: 1, fetch: () => Promise.reject(new Error('fetched')) };
    const reply = await house.api.chats.said(aMessage('/status', { files: [file] }));
    expect(reply?.text).toMatch(/^\/status takes no files/);
    expect(await requests(house)).toEqual([]);
  });

  test('that fails says so', async () => {
    await using house = await openChat({
      wrapStore: (store) => ({ ...store, rebindThread: () => Promise.reject(new Error('broken')) }),
    });
    expect(await say(house, '/new demo')).toMatch(/^\/new did not work.*Send it again\.$/);
  });

  test('binds the thread to another workspace, for good', async () => {
    await using house = await openChat();
    expect(await say(house, '/new ../x')).toContain('workspace');
    expect(await say(house, '/new demo')).toContain('demo');
    await house.api.chats.said(aMessage('one'));
    expect(await requests(house)).toMatchObject([{ workspace: 'demo' }]);
  });

  test.each(['/help', '/sessions', '/approvals'])('%s is answered', async (text) => {
    await using house = await openChat();
    expect(await say(house, text)).not.toBe('');
    expect(await requests(house)).toEqual([]);
  });

  test('that is none of ours is a prompt', async () => {
    await using house = await openChat();
    await say(house, '/compact now');
    expect(await requests(house)).toHaveLength(1);
  });
});

describe('a button', () => {
  const press = (house: House, data: string, speaker = ADA) =>
    house.api.chats.pressed({ place: placeAt('7'), speaker, data });

  test.each([
    ['of nobody who may decide', 'a:apr-1', { ...ADA, id: '2' }, 'You may not decide here.'],
    ['that is none of ours', 'x', ADA, 'This button is not known any more.'],
    ['of an approval that is gone', 'a:apr-9', ADA, 'Approval not found: apr-9'],
  ])('%s changes nothing', async (_name, data, speaker, text) => {
    await using house = await openChat();
    expect(await press(house, data, speaker)).toEqual({ text });
  });

  const openAsked = async (replyTo: string) => {
    const agent = createAskingAgent();
    const house = await openChat(agent);
    await house.start();
    const id = await house.ask('a', 'hello', { replyTo });
    await house.reached(id, 'working');
    return { house, approval: (await ask({ ...house, id, agent })).id };
  };

  test('decides only what was asked in its place', async () => {
    const { house, approval } = await openAsked('telegram:-100:8');
    await using _ = house;
    expect(await press(house, `a:${approval}`)).toEqual({ text: 'This was not asked here.' });
    expect(await house.api.approvals.read(approval)).toMatchObject({ state: 'open', decision: null });
  });

  test('that comes second is told who was first', async () => {
    const { house, approval } = await openAsked('telegram:-100:7');
    await using _ = house;
    await house.store.decideApproval(approval, { ...ALLOW, person: 'Grace' }, 'api', 1);
    expect(await press(house, `d:${approval}`)).toEqual({
      text: 'This approval has been decided: allowed, by Grace',
    });
  });
});
