import type { AnyThreadChannel, Channel } from 'discord.js';
import type { ChatPlace } from '../../../core/model/chat.ts';
import type { ThreadsApi } from '../../../core/ports/gateway/threads.ts';
import { NAME, toAddress } from '../address.ts';

/** Where the agents are spoken to. */
export interface Places {
  /** Null: what is said there is for others. */
  find(channel: Channel | null): Promise<ChatPlace | null>;
}

export interface PlacesOptions {
  readonly threads: Pick<ThreadsApi, 'find'>;
  /** Name of the channel in which tasks have their threads. */
  readonly tasksChannel: string;
}

/** Threads under the tasks channel, threads that the bot opened, and what somebody bound to a workspace. */
export function createPlaces({ threads, tasksChannel }: PlacesOptions): Places {
  return {
    async find(channel) {
      const place = toPlace(channel);
      if (place === null || channel === null) return null;
      if (channel.isThread() && isForTasks(channel, tasksChannel)) return place;
      return (await threads.find(place.threadId, { platform: NAME })) === null ? null : place;
    },
  };
}

/** Somebody may have opened it. */
export function isForTasks({ parent, ownerId, client }: AnyThreadChannel, tasksChannel: string): boolean {
  return parent?.name === tasksChannel || ownerId === client.user.id;
}

/** Null outside of servers. Ids of channels are unique by themselves. */
export function toPlace(channel: Channel | null): ChatPlace | null {
  if (channel === null || channel.isDMBased()) return null;
  const { id, guildId, name } = channel;
  return { transport: NAME, chat: '', threadId: id, community: guildId, address: toAddress(id), name };
}
