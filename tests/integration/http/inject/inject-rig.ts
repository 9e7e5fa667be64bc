import { createTaskChannels, type TaskChannelList } from '../../../../src/core/flows/threads/task-channels.ts';
import { createWorkspaceChannel } from '../../../../src/core/flows/threads/workspace-channel.ts';
import type { RequestRecord } from '../../../../src/core/model/request.ts';
import { createInjectServer } from '../../../../src/http/contracts/inject/inject-server.ts';
import { answer } from '../../../helpers/fake-driver.ts';
import { createMemoryTransport } from '../../../helpers/memory-transport.ts';
import { openHouse, type House, type HouseOptions } from '../../../unit/core/flows/house.ts';

/** The injection API on a real socket, over the real flows and store, with an agent that answers at once, but holds a
 *  prompt that begins with `hold`. */
export interface InjectRig extends AsyncDisposable {
  readonly house: House;
  readonly channels: TaskChannelList;
  readonly baseUrl: string;
  readonly port: number;
  /** Names of the tasks that a channel was opened for. */
  readonly opened: readonly string[];
  get(path: string): Promise<InjectAnswer>;
  /** `body` is sent as JSON; text as it is. */
  inject(body: unknown, headers?: Readonly<Record<string, string>>): Promise<InjectAnswer>;
  /** Registers a factory of this name that opens these threads, in their order. */
  addChannel(name: string, ...ids: readonly string[]): () => void;
  /** Binds a thread as a chat would. */
  bind(
    threadId: string,
    workspace: string,
    where?: { readonly transport: string; readonly chat: string },
  ): Promise<void>;
  release(): void;
}

export interface InjectAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- each test knows what it asked for
  readonly body: any;
}

export async function openInjectRig(
  options: Pick<HouseOptions, 'settings' | 'wrapStore' | 'folder'> & {
    readonly channel?: 'workspace';
    /** The networks that there are, the first one first. */
    readonly configured?: readonly string[];
    readonly host?: string;
  } = {},
): Promise<InjectRig> {
  const channels = createTaskChannels(options.configured);
  const held = Promise.withResolvers<void>();
  const opened: string[] = [];
  const house = await openHouse({
    ...options,
    taskChannels: channels,
    transports: new Map([['memory', createMemoryTransport()]]),
    async runTurn(prompt, observer) {
      const end = await answer(prompt, observer);
      if (prompt.startsWith('hold')) await held.promise;
      return end;
    },
  });
  if (options.channel === 'workspace') channels.register(createWorkspaceChannel(house));
  await house.start();
  const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
  const settings = { host: options.host ?? '127.0.0.1', port: 0 };
  const server = await createInjectServer({ gateway: house.api, settings, log });
  const { host, port } = await server.listen();
  const baseUrl = `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
  return {
    house,
    channels,
    baseUrl,
    port,
    opened,
    get: async (path) => toAnswer(await fetch(`${baseUrl}${path}`)),
    async inject(body, headers = {}) {
      const sent = typeof body === 'string' ? body : JSON.stringify(body);
      const all = { 'content-type': 'application/json', ...headers };
      return toAnswer(await fetch(`${baseUrl}/inject`, { method: 'POST', headers: all, body: sent }));
    },
    addChannel(name, ...ids) {
      const left = [...ids];
      return channels.register({
        name,
        chat: '',
        async create(taskName) {
          opened.push(taskName);
          const id = left.shift();
          if (id === undefined) throw new Error('No #tasks channel found');
          return id;
        },
      });
    },
    async bind(threadId, workspace, where = { transport: 'telegram', chat: '' }) {
      await house.store.bindThread({
        ...where,
        threadId,
        workspace,
        name: 'a topic',
        createdAt: 1,
      });
    },
    release: () => held.resolve(),
    async [Symbol.asyncDispose]() {
      held.resolve();
      await server.close();
      await house[Symbol.asyncDispose]();
    },
  };
}

async function toAnswer(response: Response): Promise<InjectAnswer> {
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, body: JSON.parse(text) };
}

/** What became a request, oldest first. */
export async function requestsOf({ house }: InjectRig): Promise<readonly RequestRecord[]> {
  const events = (await house.store.listEvents(0, 1_000)).filter(({ type }) => type === 'request.queued');
  const requests = await Promise.all(events.map(({ requestId }) => house.store.readRequest(requestId ?? '')));
  return requests.filter((request) => request !== null);
}
