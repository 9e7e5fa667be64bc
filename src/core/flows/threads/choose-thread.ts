import { GatewayError } from '../../model/errors.ts';
import type { ThreadRecord } from '../../model/thread.ts';
import type { ThreadWish } from '../../ports/gateway/threads.ts';
import type { TaskChannels } from '../../ports/task-channels.ts';

/** Of threads with equal ids the one that is meant: in one network, that of the chat in which new tasks get theirs. Null:
 *  there is none. @throws GatewayError `thread_ambiguous` */
export function chooseThread(
  all: readonly ThreadRecord[],
  { platform, workspace }: ThreadWish,
  channels: TaskChannels,
): ThreadRecord | null {
  const known = all.filter(({ transport }) => platform === undefined || transport === platform);
  const ours = known.filter((thread) => thread.workspace === workspace);
  const [first, ...others] = ours.length === 1 ? ours : known;
  if (first === undefined) return null;
  if (others.length === 0) return first;
  const networks = [...new Set(known.map(({ transport }) => transport))];
  if (networks.length > 1) {
    const message = `thread_id: ${networks.join(' and ')} have a thread of this id: give platform, too`;
    throw new GatewayError('thread_ambiguous', message, { field: 'platform' });
  }
  const home = channels.find(first.transport)?.chat;
  const atHome = known.find(({ chat }) => chat === home);
  if (atHome !== undefined) return atHome;
  const message = `thread_id: several chats of ${first.transport} have a thread of this id: write there, or use POST /execute`;
  throw new GatewayError('thread_ambiguous', message, { field: 'thread_id' });
}
