import { ChannelType, type Client, Events, PermissionFlagsBits, type TextChannel } from 'discord.js';
import { GatewayError } from '../../core/model/errors.ts';
import { cut } from '../../core/model/words/cut.ts';
import type { Log } from '../../core/ports/log.ts';
import type { TaskChannelFactory } from '../../core/ports/task-channels.ts';
import { NAME } from './address.ts';
import type { DiscordApi } from './api.ts';
import { toWords } from './outcome.ts';

export interface TasksOptions {
  /** New tasks get their threads in the first one. */
  readonly guilds: readonly string[];
  /** The name of its channel. */
  readonly tasksChannel: string;
  readonly api: Pick<DiscordApi, 'openThread'>;
  /** The returned function takes it back. */
  readonly register: (factory: TaskChannelFactory) => () => void;
  readonly log: Log;
}

/** Where new tasks get their threads: it may come and go. */
export interface Tasks {
  listen(client: Client): void;
  /** Looks for it again. */
  look(client: Client): void;
  lose(): void;
  close(): void;
  /** What has to be changed, in words; null: there is a place. */
  problem(): string | null;
}

type Found = { readonly channel: TextChannel } | { readonly problem: string };

const NAME_MAX = 100;

export function watchTasks(options: TasksOptions): Tasks {
  const { register, log } = options;
  let registered: { readonly id: string; readonly takeBack: () => void } | null = null;
  let problem: string | null = 'Discord: not connected yet';

  function takeBack(): void {
    registered?.takeBack();
    registered = null;
  }

  function lose(why: string): void {
    if (problem !== why) log.warn({ problem: why }, 'discord.no_tasks_channel');
    problem = why;
    takeBack();
  }

  function look(client: Client): void {
    const found = findChannel(client, options);
    if ('problem' in found) return lose(found.problem);
    problem = null;
    const { id } = found.channel;
    if (registered?.id === id) return;
    takeBack();
    registered = { id, takeBack: register(createFactory(options.api, id)) };
    log.info({ channel: id }, 'discord.tasks_channel');
  }

  return {
    listen(client) {
      const again = (): void => look(client);
      for (const event of CHANGES) client.on(event, again);
    },
    look,
    lose: () => lose('Discord: not connected'),
    close: takeBack,
    problem: () => problem,
  };
}

/** Whatever may make the channel usable or not. */
const CHANGES = [
  Events.ChannelCreate,
  Events.ChannelUpdate,
  Events.ChannelDelete,
  Events.GuildCreate,
  Events.GuildAvailable,
  Events.GuildDelete,
  Events.GuildUnavailable,
  Events.GuildRoleUpdate,
  Events.GuildRoleDelete,
  Events.GuildMemberUpdate,
] as const;

const NEEDED = {
  'View Channels': PermissionFlagsBits.ViewChannel,
  'Create Public Threads': PermissionFlagsBits.CreatePublicThreads,
  'Send Messages in Threads': PermissionFlagsBits.SendMessagesInThreads,
  'Read Message History': PermissionFlagsBits.ReadMessageHistory,
  'Attach Files': PermissionFlagsBits.AttachFiles,
} as const;

function findChannel(client: Client, { guilds: [first], tasksChannel }: TasksOptions): Found {
  if (first === undefined) return { problem: 'Discord: no server is allowed: set DISCORD_ALLOWED_GUILDS' };
  const guild = client.guilds.cache.get(first);
  if (guild === undefined) return { problem: `Discord: the bot is not in the server ${first}: invite it` };
  if (!guild.available) return { problem: `Discord: the server ${first} is out of reach for now` };
  const channel = guild.channels.cache.find(
    (known): known is TextChannel => known.type === ChannelType.GuildText && known.name === tasksChannel,
  );
  if (channel === undefined) {
    return {
      problem: `Discord: there is no text channel #${tasksChannel} that the bot sees: create it, or set DISCORD_TASKS_CHANNEL`,
    };
  }
  const { me } = guild.members;
  const has = me === null ? null : channel.permissionsFor(me);
  const missing = Object.entries(NEEDED).flatMap(([name, flag]) => (has?.has(flag) === true ? [] : [name]));
  if (missing.length === 0) return { channel };
  return { problem: `Discord: in #${tasksChannel} the bot may not: ${missing.join(', ')}: give it these permissions` };
}

function createFactory(api: Pick<DiscordApi, 'openThread'>, channel: string): TaskChannelFactory {
  return {
    name: NAME,
    chat: '',
    async create(taskName, signal) {
      try {
        return await api.openThread(channel, toThreadName(taskName), signal);
      } catch (cause) {
        signal.throwIfAborted();
        throw new GatewayError('no_task_channel', `Discord opened no thread: ${toWords(cause)}`, {
          cause,
          retry: 'later',
        });
      }
    },
  };
}

function toThreadName(taskName: string): string {
  return cut(taskName.replaceAll(/\s+/g, ' ').trim() || 'Task', NAME_MAX);
}
