import { GatewayError } from '../../core/model/errors.ts';
import { cutHard } from '../../core/model/words/cut.ts';
import type { Log } from '../../core/ports/log.ts';
import type { TaskChannelFactory } from '../../core/ports/task-channels.ts';
import type { TelegramClient } from './api/client.ts';
import { isPlaceLost, TelegramError } from './api/errors.ts';

export interface TopicsDeps {
  readonly client: TelegramClient;
  /** The first of ALLOWED_CHATS; null: there is none. */
  readonly chat: string | null;
  readonly register: (factory: TaskChannelFactory) => () => void;
  readonly log: Log;
  /** Milliseconds that pass, whatever becomes of the clock. */
  readonly elapsed: () => number;
}

/** New tasks get a topic of a forum, as long as this bot may open one. */
export interface Topics {
  /** Asks Telegram whether it may, and registers the channel or takes it back. */
  check(botId: number, signal: AbortSignal): Promise<void>;
  /** The same where there is something to change, but not again at once: it may have been changed, and Telegram tells
   *  of few changes by itself. */
  lookAgain(signal: AbortSignal): Promise<void>;
  /** What to change, in words; null: nothing. */
  problem(): string | null;
  close(): void;
}

const NAME_MAX = 128;
const LOOK_AGAIN_MS = 3_000;

export function createTopics({ client, chat, register, log, elapsed }: TopicsDeps): Topics {
  let last: { readonly botId: number; readonly at: number } | null = null;
  let unregister: (() => void) | null = null;
  let problem: string | null =
    chat === null
      ? 'ALLOWED_CHATS names no Telegram chat, so there is none for topics'
      : 'Telegram has not answered yet';

  function settle(next: string | null): void {
    if (next !== null && next !== problem) log.warn({ problem: next }, 'telegram.no_topics');
    problem = next;
    if (next !== null) close();
    else if (chat !== null) unregister ??= register(createFactory(client, chat, settle));
  }

  function close(): void {
    unregister?.();
    unregister = null;
  }

  async function check(botId: number, signal: AbortSignal): Promise<void> {
    last = { botId, at: elapsed() };
    if (chat !== null) settle(await findProblem(client, chat, botId, signal));
  }

  return {
    check,
    async lookAgain(signal) {
      if (problem !== null && last !== null && elapsed() - last.at >= LOOK_AGAIN_MS) await check(last.botId, signal);
    },
    problem: () => problem,
    close,
  };
}

/** @throws ConnectionError, and TelegramError for what says nothing about the chat. */
async function findProblem(
  client: TelegramClient,
  chat: string,
  botId: number,
  signal: AbortSignal,
): Promise<string | null> {
  const first = `The first of ALLOWED_CHATS (${chat})`;
  try {
    const known = await client.call('getChat', { chat_id: chat }, { signal });
    if (known.type !== 'supergroup' || known.is_forum !== true) {
      return `${first} has no topics: turn Topics on in the settings of the group`;
    }
    const member = await client.call('getChatMember', { chat_id: chat, user_id: botId }, { signal });
    if (member.status === 'administrator' && member.can_manage_topics === true) return null;
    return `${first}: make the bot an administrator that may manage topics`;
  } catch (error) {
    if (!(error instanceof TelegramError) || (error.code !== 400 && error.code !== 403)) throw error;
    return `${first} is not known to the bot: add it to the group (Telegram says: ${error.message})`;
  }
}

function createFactory(client: TelegramClient, chat: string, lost: (problem: string) => void): TaskChannelFactory {
  return {
    name: 'telegram',
    chat,
    async create(taskName, signal) {
      try {
        const topic = await client.call('createForumTopic', { chat_id: chat, name: toTopicName(taskName) }, { signal });
        return String(topic.message_thread_id);
      } catch (cause) {
        if (!(cause instanceof TelegramError)) throw cause;
        const { code, afterMs, message } = cause;
        if (code === 429) {
          const retry = { afterMs: afterMs ?? 60_000 };
          throw new GatewayError('no_task_channel', 'Telegram opens no more topics for now', { retry, cause });
        }
        const problem = `Telegram opens no topic in ${chat}: ${message}`;
        if (!isPlaceLost(cause)) throw new GatewayError('no_task_channel', problem, { cause });
        lost(`${problem}. Let the bot manage topics there`);
        throw new GatewayError('no_task_channel', `${problem}. Let the bot manage topics there`, { cause });
      }
    },
  };
}

/** What is a line of its own to Telegram, and no character cut in half. */
export function toTopicName(taskName: string): string {
  const name = cutHard(taskName.replace(/\s+/g, ' ').trim(), NAME_MAX).trim();
  return name === '' ? 'Task' : name;
}
