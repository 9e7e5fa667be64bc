import { describe, expect, test } from '@jest/globals';
import type { ChatFile, ChatMessage, FetchedFile } from '../../../../../src/core/ports/gateway/chats.ts';
import { createMemoryTransport } from '../../../../helpers/memory-transport.ts';
import { openHouse, type House, type HouseOptions } from '../house.ts';

const PLACE = {
  transport: 'telegram',
  chat: '-100',
  community: '-100',
  threadId: '7',
  address: 'telegram:-100:7',
  name: 'a topic',
} as const;
const ADA = { id: '1', name: 'Ada', isProgram: false };

interface FakeFile extends ChatFile {
  readonly fetched: () => number;
}

function aFile(name: string, content = name, more: Partial<FetchedFile> & { readonly bytes?: never } = {}): FakeFile {
  let fetched = 0;
  const bytes = new TextEncoder().encode(content);
  return {
    name,
    bytes: bytes.length,
    fetched: () => fetched,
    fetch: async () => {
      fetched += 1;
      return { kind: 'fetched', bytes, ...more } as FetchedFile;
    },
  };
}

const aMessage = (text: string, files: readonly ChatFile[], more: Partial<ChatMessage> = {}): ChatMessage => ({
  place: PLACE,
  messageId: '1',
  speaker: ADA,
  text,
  files,
  isForwarded: false,
  ...more,
});

interface FilesHouse {
  readonly house: House;
  /** `<workspace> <name> <content>` */
  readonly received: readonly string[];
}

async function openFiles(options: HouseOptions = {}): Promise<FilesHouse> {
  const received: string[] = [];
  const house = await openHouse({
    transports: new Map([['telegram', createMemoryTransport({}, 'telegram')]]),
    workspaceFiles: {
      async receive(workspace, name, bytes) {
        received.push(`${workspace} ${name} ${new TextDecoder().decode(bytes)}`);
        return `inbox/${name}`;
      },
      read: async () => ({ kind: 'refused', why: 'is not there' }),
    },
    ...options,
    settings: {
      chats: new Map([['telegram', { communities: ['-100'], users: ['1'], approvers: [] }]]),
      ...options.settings,
    },
  });
  return { house, received };
}

const prompts = async ({ api }: House): Promise<readonly string[]> => {
  const all = await api.requests.list({}, null, 100);
  return Promise.all(all.map(async ({ id }) => (await api.requests.read(id)).request.prompt));
};

/** What is owed for it, once, however often the network tells of it. */
async function refusals({ api, store }: House, message: ChatMessage): Promise<readonly unknown[]> {
  for (let time = 0; time < 2; time += 1) expect(await api.chats.said(message)).toBeNull();
  const owed = await store.listDeliveries({ kind: 'notice', to: PLACE.address }, null, 9);
  return owed.map(({ event }) => event.data['text']);
}

describe('files of a message', () => {
  test('lie in its workspace before its request is there, which names them', async () => {
    const { house, received } = await openFiles();
    await using _ = house;
    await house.api.chats.said(aMessage('look', [aFile('a.txt'), aFile('b.txt')]));
    expect(received).toEqual(['telegram-7 a.txt a.txt', 'telegram-7 b.txt b.txt']);
    expect(await prompts(house)).toEqual(['look\n\nFiles were sent with this: inbox/a.txt, inbox/b.txt']);
  });

  test('alone are a prompt that names them', async () => {
    const { house } = await openFiles();
    await using _ = house;
    await house.api.chats.said(aMessage('', [aFile('a.txt')]));
    expect(await prompts(house)).toEqual(['Files were sent: inbox/a.txt']);
  });

  test('are fetched once, whoever tells of them again', async () => {
    const { house } = await openFiles();
    await using _ = house;
    const file = aFile('a.txt');
    for (let time = 0; time < 2; time += 1) await house.api.chats.said(aMessage('', [file]));
    expect(file.fetched()).toBe(1);
  });

  test('of a stranger are not fetched', async () => {
    const { house } = await openFiles();
    await using _ = house;
    const file = aFile('a.txt');
    await house.api.chats.said(aMessage('', [file], { speaker: { ...ADA, id: '9' } }));
    expect([file.fetched(), await prompts(house)]).toEqual([0, []]);
  });

  test('stay named when the words beside them change', async () => {
    const { house } = await openFiles();
    await using _ = house;
    const file = aFile('a.txt');
    await house.api.chats.said(aMessage('one', [file]));
    await house.api.chats.edited(aMessage('two', [file]));
    expect((await prompts(house))[0]).toBe('two\n\nFiles were sent with this: inbox/a.txt');
  });

  test('that are shown as several messages all stay when the words of one change', async () => {
    const { house } = await openFiles();
    await using _ = house;
    await house.api.chats.said(aMessage('one', [aFile('a.txt'), aFile('b.txt')]));
    const part = aFile('b.txt');
    await house.api.chats.edited(aMessage('two', [part], { isPart: true }));
    expect(await prompts(house)).toEqual(['two\n\nFiles were sent with this: inbox/a.txt, inbox/b.txt']);
    expect(part.fetched()).toBe(0);
  });

  test.each<[string, readonly ChatFile[], RegExp]>([
    ['too large', [aFile('good.txt'), aFile('bad.txt', 'x'.repeat(1_001))], /^The file bad\.txt is larger than 1 kB/],
    ['larger than was said', [{ ...aFile('bad.txt', 'x'.repeat(1_001)), bytes: null }], /is larger than 1 kB/],
    [
      'not to be had',
      [aFile('a.txt', '', { kind: 'failed', why: 'is away' } as never)],
      /^The file a\.txt is away\. .*again/,
    ],
    ['too many', Array.from({ length: 11 }, (_, at) => aFile(`${at}`)), /may bring 10 files/],
  ])('%s start nothing, and it is said why', async (_name, files, why) => {
    const { house, received } = await openFiles();
    await using _ = house;
    expect(await refusals(house, aMessage('look', files))).toEqual([expect.stringMatching(why)]);
    expect([await prompts(house), received]).toEqual([[], []]);
  });

  test('are not taken where the setting says so', async () => {
    const { house } = await openFiles({ settings: { chatFileMaxBytes: 0 } });
    await using _ = house;
    expect(await refusals(house, aMessage('look', [aFile('a.txt')]))).toEqual([
      expect.stringMatching(/^No files are taken here/),
    ]);
  });

  test('that the disk does not take now come again', async () => {
    const error = Object.assign(new Error('full'), { code: 'storage_unavailable' });
    const { house } = await openFiles({
      workspaceFiles: { receive: () => Promise.reject(error), read: async () => ({ kind: 'refused', why: '' }) },
    });
    await using _ = house;
    await expect(house.api.chats.said(aMessage('look', [aFile('a.txt')]))).rejects.toThrow('full');
  });
});
