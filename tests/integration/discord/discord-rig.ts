import { createTaskChannels, type TaskChannelList } from '../../../src/core/flows/threads/task-channels.ts';
import type { ThreadRecord } from '../../../src/core/model/thread.ts';
import type {
  ChatMessage,
  ChatNetwork,
  ChatPress,
  ChatReply,
  ChatsApi,
} from '../../../src/core/ports/gateway/chats.ts';
import type { DueDelivery, Outcome } from '../../../src/core/ports/transport.ts';
import { createDiscord } from '../../../src/transports/discord/discord.ts';
import { type DiscordServer, openDiscordServer } from '../../helpers/discord-server/server.ts';
import type { DiscordUser } from '../../helpers/discord-server/world.ts';
import { deliverWhole, NOTHING } from '../../helpers/deliver-whole.ts';
import { aDelivery } from '../../helpers/fake-gateway/deliveries.ts';
import { createKeptLog, type KeptLog } from '../../helpers/kept-log.ts';
import { until } from '../../helpers/until.ts';

export interface DiscordRig extends AsyncDisposable {
  readonly server: DiscordServer;
  readonly discord: ChatNetwork;
  readonly log: KeptLog;
  readonly channels: TaskChannelList;
  readonly anna: DiscordUser;
  /** What was told, oldest first. */
  readonly said: ChatMessage[];
  readonly edited: ChatMessage[];
  readonly deleted: string[];
  readonly pressed: ChatPress[];
  /** Threads that are bound. */
  readonly threads: ThreadRecord[];
  /** What `said` answers from now on. */
  reply(next: (message: ChatMessage) => Promise<ChatReply | null> | ChatReply | null): void;
  listen(): Promise<void>;
  /** Hears nothing any more. */
  stop(): Promise<void>;
  /** A thread in #tasks. */
  thread(name?: string): string;
  /** Attempts up to the last message, or the first that fails. */
  deliver(to: string, more: Partial<DueDelivery>, signal?: AbortSignal): Promise<Outcome>;
  /** What became of the last delivery, so far. */
  noted(): readonly string[];
}

export interface DiscordRigOptions {
  readonly heartbeatMs?: number;
  readonly bucket?: number;
  readonly guilds?: readonly string[];
  readonly token?: string;
}

export async function openDiscordRig(options: DiscordRigOptions = {}): Promise<DiscordRig> {
  const server = await openDiscordServer(options);
  const log = createKeptLog();
  const channels = createTaskChannels();
  const kept = { said: [] as ChatMessage[], edited: [] as ChatMessage[], deleted: [] as string[] };
  const pressed: ChatPress[] = [];
  const threads: ThreadRecord[] = [];
  let answer: (message: ChatMessage) => Promise<ChatReply | null> | ChatReply | null = () => null;
  const discord = createDiscord({
    token: options.token ?? server.token,
    apiRoot: server.apiRoot,
    guilds: options.guilds ?? [server.world.guildId],
    tasksChannel: 'tasks',
    pauseAfterMs: 1_000_000,
    now: Date.now,
    log,
    paceMs: 5,
    retryMs: 20,
  });
  const chats: ChatsApi = {
    async said(message) {
      const reply = await answer(message);
      kept.said.push(message);
      return reply;
    },
    async edited(message) {
      kept.edited.push(message);
      return { text: 'Changed.' };
    },
    async deleted(_, id) {
      kept.deleted.push(id);
    },
    turn: async (_address, signal) => !signal.aborted,
    async pressed(press) {
      pressed.push(press);
      return { text: 'Allowed.' };
    },
  };
  const views = (): never[] =>
    threads.map((thread) => ({
      ...thread,
      cwd: '',
      address: null,
      link: null,
      isLive: false,
      isRunning: false,
    })) as never[];
  let noted: readonly string[] = [];
  let close = async (): Promise<void> => {};

  return {
    ...kept,
    ...{ server, discord, log, channels, pressed, threads },
    anna: server.person('anna'),
    reply: (next) => void (answer = next),
    async listen() {
      const api = {
        find: async (id: string) => views().find(({ threadId }) => threadId === id) ?? null,
        list: async () => views(),
      };
      const listening = discord.listen(chats, (factory) => channels.register(factory), api);
      close = () => listening.close();
      await until(() => channels.find() !== null, 5_000);
    },
    async stop() {
      const closing = close();
      close = async () => {};
      await closing;
    },
    thread: (name = 'a task') =>
      server.world.addChannel({ name, type: 11, parent_id: server.tasks.id, owner_id: server.world.bot.id }).id,
    deliver(to, more, signal = AbortSignal.timeout(10_000)) {
      noted = more.messages ?? [];
      const note = (messages: readonly string[]): void => void (noted = messages);
      return deliverWhole(discord.transport, { ...dueTo(to), ...more }, signal, note);
    },
    noted: () => noted,
    async [Symbol.asyncDispose]() {
      await close();
      discord.close();
      await server.close();
    },
  };
}

function dueTo(channel: string): DueDelivery {
  return { ...aDelivery({ to: `discord:${channel}`, webhookId: null }), ...NOTHING };
}
