import type { ChatReply } from '../../../core/ports/gateway/chats.ts';
import type { Log } from '../../../core/ports/log.ts';
import type { TelegramClient } from '../api/client.ts';
import { isPressOld } from '../api/errors.ts';
import type { Messenger } from '../messenger.ts';
import { cut, MESSAGE_MAX } from '../outgoing/pieces.ts';
import type { Heard, SaidAt } from './read-update.ts';

export interface ReplyDeps {
  readonly client: TelegramClient;
  readonly messenger: Messenger;
  readonly log: Log;
  readonly now: () => number;
  readonly signal: AbortSignal;
}

export interface Replies {
  answer(heard: Heard, reply: ChatReply | null): void;
  /** Resolves when none is under way. */
  settled(): Promise<void>;
}

/** What waits in one chat at most: to somebody who says a hundred things a second not each is answered. */
const WAITING_MAX = 5;
const PRESS_TEXT_MAX = 200;
/** Later nobody looks for it. */
const WORTH_MS = 60_000;

/** What is said to people beside what is owed. It is not kept: after a restart the answer itself comes anyway. */
export function createReplies({ client, messenger, log, now, signal }: ReplyDeps): Replies {
  const waiting = new Map<string, number>();
  const running = new Set<Promise<void>>();

  async function reply({ place, messageId }: SaidAt, { text }: ChatReply): Promise<void> {
    const count = waiting.get(place.chat) ?? 0;
    if (count >= WAITING_MAX) return;
    waiting.set(place.chat, count + 1);
    try {
      const piece = { text: cut(text, MESSAGE_MAX), entities: [] };
      const limits = { until: now() + WORTH_MS, signal };
      await messenger.send(place, piece, { urgency: 'now', isQuiet: true, answers: messageId, ...limits });
    } finally {
      const left = (waiting.get(place.chat) ?? 1) - 1;
      if (left === 0) waiting.delete(place.chat);
      else waiting.set(place.chat, left);
    }
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
