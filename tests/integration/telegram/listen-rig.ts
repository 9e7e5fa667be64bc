import type { ChatMessage, ChatPress, ChatReply, ChatsApi } from '../../../src/core/ports/gateway/chats.ts';
import type { TaskChannelFactory } from '../../../src/core/ports/task-channels.ts';
import type { TelegramOptions } from '../../../src/transports/telegram/telegram.ts';
import { NO_THREADS, openTelegramBench, type TelegramBench } from '../../helpers/telegram-server/telegram-bench.ts';

/** What the flows were told, and say. */
export interface FakeChats extends ChatsApi {
  readonly heard: readonly (readonly ['said' | 'edited', ChatMessage] | readonly ['pressed', ChatPress])[];
  /** What becomes of the next ones. */
  answer(next: (text: string) => Promise<ChatReply | null> | ChatReply | null): void;
}

export interface ListenRig extends TelegramBench {
  readonly chats: FakeChats;
  /** Those that are registered now. */
  readonly factories: readonly TaskChannelFactory[];
  texts(): readonly string[];
  stop(): Promise<void>;
}

export async function openListenRig(
  options: Partial<TelegramOptions> = {},
  prepare: (bench: TelegramBench) => void = () => {},
): Promise<ListenRig> {
  const bench = await openTelegramBench(options);
  prepare(bench);
  const chats = createFakeChats();
  const factories: TaskChannelFactory[] = [];
  const listening = bench.telegram.listen(
    chats,
    (factory) => {
      factories.push(factory);
      return () => void factories.splice(factories.indexOf(factory), 1);
    },
    NO_THREADS,
  );
  return {
    ...bench,
    chats,
    factories,
    texts: () => chats.heard.map(([, told]) => ('text' in told ? told.text : told.data)),
    stop: () => listening.close(),
    async close() {
      await listening.close();
      await bench.close();
    },
  };
}

function createFakeChats(): FakeChats {
  const heard: FakeChats['heard'][number][] = [];
  let answer: (text: string) => Promise<ChatReply | null> | ChatReply | null = () => null;
  const hear = (kind: 'said' | 'edited') => async (message: ChatMessage) => {
    const reply = await answer(message.text);
    heard.push([kind, message]);
    return reply;
  };
  return {
    heard,
    answer: (next) => void (answer = next),
    said: hear('said'),
    edited: hear('edited'),
    async deleted() {},
    turn: async (_address, signal) => !signal.aborted,
    async pressed(press) {
      heard.push(['pressed', press]);
      return (await answer(press.data)) ?? { text: 'Allowed.' };
    },
  };
}
