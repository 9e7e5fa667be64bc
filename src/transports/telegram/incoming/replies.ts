import type { ChatReply, ChatsApi } from '../../../core/ports/gateway/chats.ts';
import { cut } from '../../../core/model/words/cut.ts';
import type { Log } from '../../../core/ports/log.ts';
import { toAddress } from '../address.ts';
import type { TelegramClient } from '../api/client.ts';
import { isPressOld } from '../api/errors.ts';
import type { Messenger } from '../messenger.ts';
import { MESSAGE_MAX } from '../outgoing/pieces.ts';
import type { Heard, SaidAt } from './read-update.ts';

export interface ReplyDeps {
  readonly client: TelegramClient;
  readonly messenger: Messenger;
  readonly log: Log;
  readonly chats: Pick<ChatsApi, 'turn'>;
  readonly signal: AbortSignal;
}

export interface Replies {
  answer(heard: Heard, reply: ChatReply | null): void;
  /** Resolves when none is under way. */
  settled(): Promise<void>;
}

const PRESS_TEXT_MAX = 200;

/** What is said to people beside what is owed. It is not kept: after a restart the answer itself comes anyway. */
export function createReplies({ client, messenger, log, chats, signal }: ReplyDeps): Replies {
  const running = new Set<Promise<void>>();

  async function reply({ place, messageId }: SaidAt, { text }: ChatReply): Promise<void> {
    if (!(await chats.turn(toAddress(place), signal))) return;
    const piece = { text: cut(text, MESSAGE_MAX), entities: [] };
    await messenger.send(place, piece, { isQuiet: true, answers: messageId, signal });
  }

  async function answerPress(id: string, { text }: ChatReply): Promise<void> {
    const args = { callback_query_id: id, text: cut(text, PRESS_TEXT_MAX) };
    await client.call('answerCallbackQuery', args, { signal }).catch((error: unknown) => {
      if (!isPressOld(error)) throw error;
    });
  }

  async function say(heard: Heard, what: ChatReply): Promise<void> {
    if (heard.kind === 'pressed') await answerPress(heard.queryId, what);
    else if (heard.kind !== 'membership') await reply(heard.at, what);
  }

  return {
    answer(heard, what) {
      if (what === null) return;
      const saying = say(heard, what).catch((error: unknown) => {
        if (!signal.aborted) log.warn({ error: String(error) }, 'telegram.reply_not_sent');
      });
      running.add(saying);
      void saying.then(() => running.delete(saying));
    },
    async settled() {
      await Promise.all(running);
    },
  };
}
