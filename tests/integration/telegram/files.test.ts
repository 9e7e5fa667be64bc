import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { ChatMessage } from '../../../src/core/ports/gateway/chats.ts';
import { createClient } from '../../../src/transports/telegram/api/client.ts';
import { toChatFile } from '../../../src/transports/telegram/incoming/files.ts';
import { PERSON } from '../../helpers/telegram-server/telegram-bench.ts';
import { GROUP, TOKEN } from '../../helpers/telegram-server/telegram-server.ts';
import { until } from '../../helpers/until.ts';
import { type ListenRig, openListenRig } from './listen-rig.ts';

const MAX = 20 * 1024 * 1024;
let rig: ListenRig;
let thread: number;
beforeEach(async () => {
  rig = await openListenRig();
  thread = rig.server.topic(GROUP, 'Sweeping');
});
afterEach(() => rig.close());

const send = (name: string, content: Buffer | string, caption?: string, more: object = {}): number =>
  rig.server.sendFile({ chat: GROUP, thread, from: PERSON, name, content, more, ...(caption && { caption }) });

async function heard(count = 1): Promise<readonly ChatMessage[]> {
  await until(() => rig.chats.heard.length >= count);
  return rig.chats.heard.map(([, message]) => message as ChatMessage);
}

describe('a file', () => {
  test('comes with its caption, and is fetched when it is asked for', async () => {
    send('report.pdf', 'the report', 'read this');
    const [message] = await heard();
    expect(message).toMatchObject({ text: 'read this', files: [{ name: 'report.pdf', bytes: 10 }] });
    expect(rig.server.calls.some(({ method }) => method === 'download')).toBe(false);
    expect(await message?.files[0]?.fetch(MAX)).toEqual({ kind: 'fetched', bytes: Buffer.from('the report') });
  });

  test('alone is a message without words', async () => {
    send('report.pdf', 'x');
    expect(await heard()).toMatchObject([{ text: '', files: [{ name: 'report.pdf' }] }]);
  });

  test.each([
    ['photo', { photo: [{ file_id: 'small' }, { file_id: 'large', file_size: 7 }] }, /^photo-\d+\.jpg$/],
    ['voice', { voice: { file_id: 'v', duration: 1 } }, /^voice-\d+\.ogg$/],
    ['video', { video: { file_id: 'v', file_name: 'film.mp4' } }, /^film\.mp4$/],
    ['audio', { audio: { file_id: 'a' } }, /^audio-\d+\.mp3$/],
  ])('may be a %s', async (_kind, more, name) => {
    rig.server.say({ chat: GROUP, thread, from: PERSON, text: '', more });
    expect(await heard()).toMatchObject([{ text: '', files: [{ name: expect.stringMatching(name) }] }]);
  });

  test('of several that were sent together is one message with all of them', async () => {
    const album = { media_group_id: 'album-1' };
    send('a.txt', 'a', 'both of them', album);
    send('b.txt', 'b', undefined, album);
    send('c.txt', 'c', 'another');
    const [first, second] = await heard(2);
    expect(first).toMatchObject({ text: 'both of them', files: [{ name: 'a.txt' }, { name: 'b.txt' }] });
    expect(second).toMatchObject({ text: 'another', files: [{ name: 'c.txt' }] });
  });

  test('of several that were sent together is one message, whatever comes between them', async () => {
    const album = { media_group_id: 'album-1' };
    send('a.txt', 'a', 'both of them', album);
    rig.server.say({ chat: GROUP, thread, from: 43, text: 'a stranger' });
    await until(() => rig.server.offsets.length > 1);
    send('b.txt', 'b', undefined, album);
    const [first, second] = await heard(2);
    expect(first).toMatchObject({ text: 'both of them', files: [{ name: 'a.txt' }, { name: 'b.txt' }] });
    expect(second).toMatchObject({ text: 'a stranger' });
  });

  test('of several, when its words change, is the same message', async () => {
    const album = { media_group_id: 'album-1' };
    const first = send('a.txt', 'a', 'one', album);
    send('b.txt', 'b', undefined, album);
    await heard();
    const more = { ...album, text: undefined, caption: 'two', document: { file_id: 'b', file_name: 'b.txt' } };
    rig.server.edit(first + 1, { chat: GROUP, thread, from: PERSON, text: '', more });
    const [said, edited] = await heard(2);
    expect(edited).toMatchObject({ text: 'two', messageId: said?.messageId, isPart: true });
  });
});

describe('what cannot be fetched', () => {
  const fetchOf = async (maxBytes = MAX) => (await heard())[0]?.files[0]?.fetch(maxBytes);

  test('for Telegram hands out no more than 20 MB says so', async () => {
    send('film.mp4', Buffer.alloc(MAX + 1));
    expect(await fetchOf(2 * MAX)).toEqual({ kind: 'failed', why: expect.stringContaining('20 MB') });
  });

  test('for it is larger than is taken is not fetched to its end', async () => {
    send('a.txt', 'x'.repeat(5_000));
    expect(await fetchOf(4_096)).toEqual({ kind: 'failed', why: 'is larger than 4 kB' });
  });

  test('for it is gone says what Telegram says', async () => {
    send('a.txt', 'x');
    await heard();
    rig.server.world.files.clear();
    expect(await fetchOf()).toEqual({ kind: 'failed', why: expect.stringContaining('wrong file_id') });
  });

  test('for the network fails is tried again, and no error bears the token', async () => {
    send('a.txt', 'x');
    let failures = 1;
    rig.server.fail((method) => (method === 'download' && failures-- > 0 ? 'reset' : null));
    expect(await fetchOf()).toEqual({ kind: 'fetched', bytes: Buffer.from('x') });
    rig.server.fail((method) => (method === 'download' ? { status: 502 } : null));
    expect(await fetchOf()).toEqual({ kind: 'failed', why: 'could not be fetched from Telegram' });
    expect(rig.log.text()).not.toContain(TOKEN.split(':')[1]);
  });

  test('for Telegram asks for patience is fetched when it may be', async () => {
    send('a.txt', 'x');
    let refusals = 1;
    rig.server.fail((method) =>
      method === 'getFile' && refusals-- > 0 ? { code: 429, description: 'Too Many Requests', retryAfter: 2 } : null,
    );
    expect(await fetchOf()).toEqual({ kind: 'fetched', bytes: Buffer.from('x') });
    const [first, second] = rig.server.calls.filter(({ method }) => method === 'getFile');
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThan(1_900);
  });

  test('for it takes too long, with all tries, is given up', async () => {
    const client = createClient(rig.server.url, TOKEN);
    rig.server.world.files.set('f', Buffer.from('x'));
    rig.server.fail((method) => (method === 'download' ? 'silent' : null));
    const deps = { client, signal: new AbortController().signal, withinMs: 200 };
    const file = toChatFile(deps, { fileId: 'f', name: 'a.txt', bytes: 1 });
    expect(await file.fetch(MAX)).toEqual({ kind: 'failed', why: expect.stringContaining('too long') });
    client.close();
  });

  test('for the gateway stops is left to come again', async () => {
    send('a.txt', 'x');
    await heard();
    rig.server.fail((method) => (method === 'download' ? 'silent' : null));
    const fetching = fetchOf();
    await until(() => rig.server.calls.some(({ method }) => method === 'download'));
    const rejected = expect(fetching).rejects.toThrow(/abort/i);
    await rig.stop();
    await rejected;
  });
});
