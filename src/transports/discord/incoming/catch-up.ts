import { type AnyThreadChannel, ChannelType, type Client, type GuildTextBasedChannel, type Message } from 'discord.js';
import type { ThreadsApi } from '../../../core/ports/gateway/threads.ts';
import type { Log } from '../../../core/ports/log.ts';
import { NAME } from '../address.ts';
import { toWords } from '../outcome.ts';
import { isForTasks } from './places.ts';

export interface CatchUpDeps {
  readonly client: Client;
  readonly guilds: readonly string[];
  readonly tasksChannel: string;
  readonly threads: Pick<ThreadsApi, 'list'>;
  readonly missed: (message: Message) => void;
  /** Aborts when nothing is heard any more. */
  readonly signal: AbortSignal;
  readonly now: () => number;
  readonly log: Log;
}

/** Where something may have been missed, and since when. */
interface Missed {
  readonly channel: GuildTextBasedChannel;
  readonly since: number;
}

const THREADS_MAX = 500;
const ARCHIVED_MAX = 100;
const MESSAGES_MAX = 50;
/** A message is known as the same for a day: an older one might be done twice. */
const AGE_MAX_MS = 12 * 3_600_000;
/** A thread is bound a little after the message that makes it one. */
const SLACK_MS = 60_000;

/** What was written while nobody listened, oldest first in each thread: in known ones, and in those that somebody opened
 *  for a task meanwhile. Rejects when the signal aborts. */
export async function catchUp(deps: CatchUpDeps): Promise<void> {
  for (const missed of await findMissed(deps)) {
    deps.signal.throwIfAborted();
    await catchUpThread(deps, missed);
  }
}

async function findMissed(deps: CatchUpDeps): Promise<readonly Missed[]> {
  const { client, threads, signal, now } = deps;
  const oldest = now() - AGE_MAX_MS;
  const known = (await threads.list(THREADS_MAX)).filter(({ transport }) => transport === NAME);
  signal.throwIfAborted();
  const since = new Map(known.map(({ threadId, createdAt }) => [threadId, Math.max(createdAt - SLACK_MS, oldest)]));
  const forTasks = [...activeForTasks(deps), ...(await archivedSince(deps, oldest))];
  const places = new Map<string, GuildTextBasedChannel>(forTasks.map((thread) => [thread.id, thread]));
  for (const id of since.keys()) {
    const channel = client.channels.cache.get(id);
    if (channel !== undefined && !channel.isDMBased() && channel.isTextBased()) places.set(id, channel);
  }
  return [...places.values()]
    .map((channel) => ({ channel, since: since.get(channel.id) ?? oldest }))
    .filter((missed) => mayHaveNewer(missed));
}

/** Discord names all that are active when it names the servers. */
function activeForTasks({ client, guilds, tasksChannel }: CatchUpDeps): readonly AnyThreadChannel[] {
  return [...client.channels.cache.values()].filter(
    (channel): channel is AnyThreadChannel =>
      channel.isThread() && guilds.includes(channel.guildId) && isForTasks(channel, tasksChannel),
  );
}

/** Those that were spoken in and archived again meanwhile. */
async function archivedSince(deps: CatchUpDeps, since: number): Promise<readonly AnyThreadChannel[]> {
  const { client, guilds, tasksChannel, signal, log } = deps;
  const found: AnyThreadChannel[] = [];
  for (const channel of client.channels.cache.values()) {
    if (channel.type !== ChannelType.GuildText || channel.name !== tasksChannel) continue;
    if (!guilds.includes(channel.guildId)) continue;
    signal.throwIfAborted();
    try {
      const { threads } = await channel.threads.fetchArchived({ type: 'public', limit: ARCHIVED_MAX });
      found.push(...threads.filter(({ archiveTimestamp }) => (archiveTimestamp ?? 0) >= since).values());
    } catch (error) {
      log.warn({ channelId: channel.id, error: toWords(error) }, 'discord.not_caught_up');
    }
  }
  return found;
}

async function catchUpThread({ missed, log }: CatchUpDeps, { channel, since }: Missed): Promise<void> {
  try {
    const found = await channel.messages.fetch({ limit: MESSAGES_MAX, cache: false });
    const fresh = [...found.values()].filter(({ createdTimestamp }) => createdTimestamp >= since);
    for (const message of fresh.toSorted((one, other) => (BigInt(one.id) < BigInt(other.id) ? -1 : 1))) missed(message);
  } catch (error) {
    log.warn({ threadId: channel.id, error: toWords(error) }, 'discord.not_caught_up');
  }
}

const DISCORD_EPOCH_MS = 1_420_070_400_000n;

function mayHaveNewer({ channel: { lastMessageId }, since }: Missed): boolean {
  if (lastMessageId === null) return false;
  return Number((BigInt(lastMessageId) >> 22n) + DISCORD_EPOCH_MS) >= since;
}
