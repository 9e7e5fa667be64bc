import type { Update } from 'telegraf/types';
import type { ChatFile, ChatReply, ChatsApi } from '../../../core/ports/gateway/chats.ts';
import type { Log } from '../../../core/ports/log.ts';
import { createInOrder, type Way, wayOf, wayOfChange } from '../../chat/in-order.ts';
import type { TelegramClient } from '../api/client.ts';
import { createAlbums } from './albums.ts';
import { type NamedFile, toChatFile } from './files.ts';
import { type Heard, keyOf, readUpdate } from './read-update.ts';

export interface HearDeps {
  readonly chats: ChatsApi;
  readonly log: Log;
  /** Aborts when nothing is heard any more. */
  readonly signal: AbortSignal;
  readonly botName: string;
  readonly client: TelegramClient;
  /** Says it to whoever spoke or pressed. Does not reject, and holds up nobody. */
  readonly answer: (heard: Heard, reply: ChatReply | null) => void;
  /** What this bot may do in a chat has changed. */
  readonly membershipChanged: (chat: string) => void;
  /** Somebody spoke in a chat that has topics. */
  readonly forumSeen: (chat: string) => void;
}

export interface Hearing {
  /** Resolves when it is on disk, or passed over; false: the end came first. */
  take(update: Update): Promise<boolean>;
  /** All that Telegram had at this instant (of `performance.now`) has been taken. */
  looked(askedAt: number): void;
}

/** In order within one topic, but for presses and commands, which no file holds up. */
export function createHearing(deps: HearDeps): Hearing {
  const { botName, log, signal, answer } = deps;
  const inOrder = createInOrder({ network: 'telegram', log, signal });
  const albums = createAlbums(() => performance.now());
  signal.addEventListener('abort', () => albums.close(), { once: true });
  const toFile = (file: NamedFile): ChatFile => toChatFile(deps, file);

  const handle = (heard: Heard): Promise<boolean> =>
    inOrder.add(keyOf(heard), toWay(heard), async () => answer(heard, await hand(deps, heard)));

  return {
    async take(update) {
      const heard = readUpdate(update, { botName, toFile });
      if (heard === null) return true;
      if (heard.kind !== 'said' || heard.album === null) return handle(heard);
      const album = albums.gather(heard, heard.album);
      album.handled ??= inOrder.add(keyOf(heard), 'held', async () => {
        const whole = await album.whole;
        answer(whole, await hand(deps, whole));
      });
      return album.handled;
    },
    looked: (askedAt) => albums.looked(askedAt),
  };
}

function toWay(heard: Heard): Way {
  switch (heard.kind) {
    case 'said':
      return wayOf(heard.message.text, heard.message.files.length > 0);
    case 'edited':
      return wayOfChange(heard.message.files.length > 0);
    case 'pressed':
    case 'membership':
      return 'beside';
  }
}

async function hand({ chats, membershipChanged, forumSeen }: HearDeps, heard: Heard): Promise<ChatReply | null> {
  switch (heard.kind) {
    case 'said':
      if (heard.isForum) forumSeen(heard.message.place.chat);
      return chats.said(heard.message);
    case 'edited':
      return chats.edited(heard.message);
    case 'pressed':
      return chats.pressed(heard.press);
    case 'membership':
      membershipChanged(heard.chat);
      return null;
  }
}
