import { type Attachment, type Client, Events, type Message } from 'discord.js';
import type { ChatFile, ChatsApi } from '../../core/ports/gateway/chats.ts';
import type { ThreadsApi } from '../../core/ports/gateway/threads.ts';
import type { Log } from '../../core/ports/log.ts';
import type { TaskChannelFactory } from '../../core/ports/task-channels.ts';
import type { DiscordApi } from './api.ts';
import { openGateway } from './gateway.ts';
import { catchUp } from './incoming/catch-up.ts';
import { toChatFile } from './incoming/files.ts';
import { createInOrder } from '../chat/in-order.ts';
import { listenToInteractions, nameCommands } from './incoming/interactions.ts';
import { createMessages } from './incoming/messages.ts';
import { createPlaces } from './incoming/places.ts';
import { watchTasks } from './tasks.ts';

export interface ListenerOptions {
  readonly token: string;
  readonly apiRoot: string;
  readonly guilds: readonly string[];
  readonly tasksChannel: string;
  readonly api: DiscordApi;
  readonly chats: ChatsApi;
  readonly threads: Pick<ThreadsApi, 'find' | 'list'>;
  readonly register: (factory: TaskChannelFactory) => () => void;
  readonly now: () => number;
  readonly log: Log;
  /** Before another try of what failed. */
  readonly retryMs?: number;
}

/** What comes in from Discord. */
export interface DiscordListener {
  /** What has to be changed, in words; empty: all is well. */
  problems(): readonly string[];
  close(): Promise<void>;
}

export function openDiscordListener(options: ListenerOptions): DiscordListener {
  const { chats, threads, guilds, tasksChannel, api, log, now, retryMs } = options;
  const closing = new AbortController();
  const places = createPlaces({ threads, tasksChannel });
  const { signal } = closing;
  const inOrder = createInOrder({ network: 'discord', log, signal, ...(retryMs !== undefined && { retryMs }) });
  const filesDeps = { apiRoot: options.apiRoot, signal, ...(retryMs !== undefined && { retryMs }) };
  const toFile = (attachment: Attachment): ChatFile => toChatFile(filesDeps, attachment);
  const messages = createMessages({ chats, api, places, inOrder, log, toFile, signal });
  const tasks = watchTasks(options);

  function listen(client: Client): void {
    messages.listen(client);
    listenToInteractions(client, { chats, places, inOrder, log });
    tasks.listen(client);
    // The servers are known, also after another connection that could not go on where the last one ended.
    client.on(Events.ShardReady, () => {
      tasks.look(client);
      if (!client.isReady()) return;
      catchUpNow(client);
    });
    client.once(Events.ClientReady, (ready) => {
      for (const guild of guilds) if (ready.guilds.cache.has(guild)) void nameCommands(ready, guild, log);
      catchUpNow(ready);
    });
    client.on(Events.GuildCreate, ({ id }) => {
      if (client.isReady() && guilds.includes(id)) void nameCommands(client, id, log);
    });
  }

  function catchUpNow(client: Client): void {
    const missed = (message: Message): void => messages.missed(message);
    const deps = { client, guilds, tasksChannel, threads, missed, signal, now, log };
    void inOrder.add('', 'in_turn', () => catchUp(deps));
  }

  const gateway = openGateway({ ...options, listen, lost: () => tasks.lose() });
  return {
    problems() {
      const problem = gateway.problem() ?? tasks.problem();
      return problem === null ? [] : [problem];
    },
    async close() {
      closing.abort();
      await gateway.close();
      await inOrder.settled();
      await messages.settled();
      tasks.close();
    },
  };
}
