import { CHAT_COMMANDS } from '../../../core/model/chat.ts';
import type { ChatsApi } from '../../../core/ports/gateway/chats.ts';
import type { Log } from '../../../core/ports/log.ts';
import type { TelegramClient } from '../api/client.ts';
import type { Messenger } from '../messenger.ts';
import type { Topics } from '../topics.ts';
import { createHearing } from './hear.ts';
import { createBackoff, pause } from '../../chat/pause.ts';
import { explain, poll, tellTrouble } from './poll.ts';
import { createReplies, type Replies } from './replies.ts';

export interface ListenDeps {
  readonly client: TelegramClient;
  readonly messenger: Messenger;
  readonly topics: Topics;
  readonly chats: ChatsApi;
  /** Where new tasks get their topics. */
  readonly chat: string | null;
  readonly log: Log;
  readonly tell: (problem: string | null) => void;
}

export interface Listening {
  /** Resolves when nothing is handled any more. */
  close(): Promise<void>;
}

const RETRY_MS = 1_000;
const RETRY_MAX_MS = 60_000;

/** Listens from now on, whether Telegram is there already or not. */
export function listen(deps: ListenDeps): Listening {
  const closing = new AbortController();
  const { signal } = closing;
  const running = run(deps, signal);
  return {
    async close() {
      closing.abort();
      await running;
    },
  };
}

async function run(deps: ListenDeps, signal: AbortSignal): Promise<void> {
  const { client, messenger, topics, chats, chat, log, tell } = deps;
  const me = await insist(deps, signal, () => client.call('getMe', {}, { signal }));
  if (me === null) return;
  log.info({ bot: me.username }, 'telegram.connected');
  const replies = createReplies({ client, messenger, log, chats, signal });
  const beside = new Set<Promise<unknown>>();
  const doBeside = (act: () => Promise<unknown>): void => {
    const done = insist(deps, signal, act);
    beside.add(done);
    void done.then(() => beside.delete(done));
  };
  doBeside(() => topics.check(me.id, signal));
  doBeside(() => nameCommands(client, signal));
  const answer: Replies['answer'] = (...said) => replies.answer(...said);
  const hearing = createHearing({
    chats,
    log,
    signal,
    botName: me.username,
    client,
    answer,
    membershipChanged(changed) {
      if (changed === chat) doBeside(() => topics.check(me.id, signal));
    },
    forumSeen(seen) {
      if (seen === chat) doBeside(() => topics.lookAgain(signal));
    },
  });
  await poll({ client, log, signal, tell, take: (update) => hearing.take(update), looked: (at) => hearing.looked(at) });
  await replies.settled();
  await Promise.all(beside);
}

function nameCommands(client: TelegramClient, signal: AbortSignal): Promise<true> {
  const commands = CHAT_COMMANDS.map(({ name, description }) => ({ command: name, description }));
  return client.call('setMyCommands', { commands }, { signal });
}

/** Tries until it works; null: the signal aborted first. */
async function insist<T>({ log, tell }: ListenDeps, signal: AbortSignal, act: () => Promise<T>): Promise<T | null> {
  const backoff = createBackoff(RETRY_MS, RETRY_MAX_MS);
  let told: string | null = null;
  while (!signal.aborted) {
    try {
      return await act();
    } catch (error) {
      if (signal.aborted) return null;
      const { event, problem, afterMs } = explain(error);
      if (told !== event) tellTrouble(log, event, problem);
      told = event;
      tell(problem);
      await pause(Math.max(backoff.next(), afterMs), signal);
    }
  }
  return null;
}
