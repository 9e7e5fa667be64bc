import type { Client, GuildTextBasedChannel, Message } from 'discord.js';
import type { ThreadsApi, ThreadView } from '../../../core/ports/gateway/threads.ts';
import type { Log } from '../../../core/ports/log.ts';
import { NAME } from '../address.ts';
import { toWords } from '../outcome.ts';

export interface CatchUpDeps {
  readonly client: Client;
  readonly threads: Pick<ThreadsApi, 'list'>;
  readonly missed: (message: Message) => void;
  readonly now: () => number;
  readonly log: Log;
}

const THREADS_MAX = 500;
const MESSAGES_MAX = 50;
/** A message is known as the same for a day: an older one might be done twice. */
const AGE_MAX_MS = 12 * 3_600_000;
/** A thread is bound a little after the message that makes it one. */
const SLACK_MS = 60_000;

/** What was written in known threads while nobody listened, oldest first. Those that are archived have nothing new: a
 *  message would have woken them. */
export async function catchUp(deps: CatchUpDeps): Promise<void> {
  const known = await deps.threads.list(THREADS_MAX);
  for (const thread of known.filter(({ transport }) => transport === NAME)) await catchUpThread(deps, thread);
}

async function catchUpThread(deps: CatchUpDeps, { threadId, createdAt }: ThreadView): Promise<void> {
  const { client, missed, now, log } = deps;
  const channel = client.channels.cache.get(threadId);
  if (channel === undefined || channel.isDMBased() || !channel.isTextBased()) return;
  const since = Math.max(createdAt - SLACK_MS, now() - AGE_MAX_MS);
  if (!mayHaveNewer(channel, since)) return;
  try {
    const found = await channel.messages.fetch({ limit: MESSAGES_MAX, cache: false });
    const fresh = [...found.values()].filter(({ createdTimestamp }) => createdTimestamp >= since);
    for (const message of fresh.toSorted((one, other) => (BigInt(one.id) < BigInt(other.id) ? -1 : 1))) missed(message);
  } catch (error) {
    log.warn({ threadId, error: toWords(error) }, 'discord.not_caught_up');
  }
}

const DISCORD_EPOCH_MS = 1_420_070_400_000n;

function mayHaveNewer({ lastMessageId }: GuildTextBasedChannel, since: number): boolean {
  if (lastMessageId === null) return false;
  return Number((BigInt(lastMessageId) >> 22n) + DISCORD_EPOCH_MS) >= since;
}
